-- Addresses, details of checks, uploads and the texts of the audit trail are sealed with keys that the database does not hold: see
-- store::sealing for the columns. What is there already is sealed by the program at its next start, right after this.

-- tells which key that is; null until it was done, and while everything is sealed anew. Whoever has another key cannot commit.
alter table audit_head add column key_check text;

-- Only then, and of nothing but where an address stands, do these triggers let go as well.
drop trigger evidence_refuses_update;
create trigger evidence_refuses_update before update on evidence
when (not exists (select 1 from assignment a join person p on p.id = a.person_id where a.id = old.assignment_id and p.pseudonymised_at is not null)
        and not (old.kind = 'password_manager_member' and (select h.key_check from audit_head h where h.id = 1) is null))
    or new.id is not old.id or new.assignment_id is not old.assignment_id or new.kind is not old.kind or new.at is not old.at
    or new.recorded_at is not old.recorded_at or new.recorded_by is not old.recorded_by
    or new.document_version_id is not old.document_version_id or new.course_version_id is not old.course_version_id
    or new.language is not old.language or new.sha256 is not old.sha256
begin select raise(abort, 'evidence is append-only'); end;

drop trigger member_refuses_update;
create trigger member_refuses_update before update on member
when (select l.applied_at from member_list l where l.id = old.list_id) is not null and (
    ((select h.key_check from audit_head h where h.id = 1) is not null
        and not exists (select 1 from person p where new.email = old.line || '.' || p.private_email and p.pseudonymised_at is not null))
    or new.list_id is not old.list_id or new.line is not old.line or new.status is not old.status or new.two_step is not old.two_step)
begin select raise(abort, 'member is append-only once applied'); end;
