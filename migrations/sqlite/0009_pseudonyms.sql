-- People who left long ago are known by a pseudonym. What tells who they were goes, also from what is otherwise never changed:
-- the triggers let go of exactly those columns, and only of people whose name went first.

alter table person add column pseudonymised_at text;
create index person_by_end on person (end_date);
create trigger person_refuses_update_once_pseudonymised before update on person when old.pseudonymised_at is not null
begin select raise(abort, 'person is pseudonymised'); end;

drop trigger evidence_refuses_update;
create trigger evidence_refuses_update before update on evidence
when not exists (select 1 from assignment a join person p on p.id = a.person_id where a.id = old.assignment_id and p.pseudonymised_at is not null)
    or new.id is not old.id or new.assignment_id is not old.assignment_id or new.kind is not old.kind or new.at is not old.at
    or new.recorded_at is not old.recorded_at or new.recorded_by is not old.recorded_by
    or new.document_version_id is not old.document_version_id or new.course_version_id is not old.course_version_id
    or new.language is not old.language or new.sha256 is not old.sha256
begin select raise(abort, 'evidence is append-only'); end;

drop trigger start_date_change_refuses_update;
create trigger start_date_change_refuses_update before update on start_date_change
when not exists (select 1 from person p where p.id = old.person_id and p.pseudonymised_at is not null)
    or new.id is not old.id or new.person_id is not old.person_id or new.changed_at is not old.changed_at
    or new.changed_by is not old.changed_by or new.old_date is not old.old_date or new.new_date is not old.new_date
begin select raise(abort, 'start_date_change is append-only'); end;

drop trigger deadline_change_refuses_update;
create trigger deadline_change_refuses_update before update on deadline_change
when not exists (select 1 from assignment a join person p on p.id = a.person_id where a.id = old.assignment_id and p.pseudonymised_at is not null)
    or new.id is not old.id or new.assignment_id is not old.assignment_id or new.changed_at is not old.changed_at
    or new.old_due_on is not old.old_due_on or new.new_due_on is not old.new_due_on
begin select raise(abort, 'deadline_change is append-only'); end;

drop trigger signed_copy_refuses_update;
create trigger signed_copy_refuses_update before update on signed_copy
when not exists (select 1 from assignment a join person p on p.id = a.person_id where a.id = old.assignment_id and p.pseudonymised_at is not null)
    or new.assignment_id is not old.assignment_id or new.language is not old.language or new.sha256 is not old.sha256
    or new.pdf_sha256 is not old.pdf_sha256 or new.created_at is not old.created_at
begin select raise(abort, 'signed_copy is append-only'); end;

drop trigger stored_file_refuses_update;
create trigger stored_file_refuses_update before update on stored_file
when not exists (select 1 from assignment a join person p on p.id = a.person_id where a.id = old.assignment_id and p.pseudonymised_at is not null)
    or new.id is not old.id or new.assignment_id is not old.assignment_id or new.media_type is not old.media_type
    or new.size is not old.size or new.sha256 is not old.sha256 or new.uploaded_at is not old.uploaded_at
    or new.uploaded_by is not old.uploaded_by
begin select raise(abort, 'stored_file is append-only'); end;

drop trigger member_refuses_update;
create trigger member_refuses_update before update on member
when (select l.applied_at from member_list l where l.id = old.list_id) is not null and (
    not exists (select 1 from person p where new.email = old.line || '.' || p.private_email and p.pseudonymised_at is not null)
    or new.list_id is not old.list_id or new.line is not old.line or new.status is not old.status or new.two_step is not old.two_step)
begin select raise(abort, 'member is append-only once applied'); end;
