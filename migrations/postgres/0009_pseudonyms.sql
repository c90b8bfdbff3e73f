-- People who left long ago are known by a pseudonym. What tells who they were goes, also from what is otherwise never changed:
-- the triggers let go of exactly those columns, and only of people whose name went first.

alter table person add column pseudonymised_at timestamptz;
create index person_by_end on person (end_date);
create function refuse_change_of_a_pseudonym() returns trigger language plpgsql as $$
begin
    raise exception 'person is pseudonymised';
end
$$;
create trigger person_refuses_update_once_pseudonymised before update on person for each row
    when (old.pseudonymised_at is not null) execute function refuse_change_of_a_pseudonym();

-- Its arguments are the columns that may go.
create function refuse_change_except_for_pseudonyms() returns trigger language plpgsql as $$
declare
    stored jsonb := to_jsonb(old);
    whose uuid := coalesce((stored ->> 'person_id')::uuid, (select a.person_id from assignment a where a.id = (stored ->> 'assignment_id')::uuid));
begin
    if stored - tg_argv = to_jsonb(new) - tg_argv and exists (select 1 from person p where p.id = whose and p.pseudonymised_at is not null) then
        return new;
    end if;
    raise exception '% is append-only', tg_table_name;
end
$$;

drop trigger evidence_refuses_update on evidence;
create trigger evidence_refuses_update before update on evidence for each row execute function refuse_change_except_for_pseudonyms('body');
drop trigger start_date_change_refuses_update on start_date_change;
create trigger start_date_change_refuses_update before update on start_date_change for each row
    execute function refuse_change_except_for_pseudonyms('reason');
drop trigger deadline_change_refuses_update on deadline_change;
create trigger deadline_change_refuses_update before update on deadline_change for each row
    execute function refuse_change_except_for_pseudonyms('reason');
drop trigger signed_copy_refuses_update on signed_copy;
create trigger signed_copy_refuses_update before update on signed_copy for each row
    execute function refuse_change_except_for_pseudonyms('title', 'body', 'pdf');
drop trigger stored_file_refuses_update on stored_file;
create trigger stored_file_refuses_update before update on stored_file for each row
    execute function refuse_change_except_for_pseudonyms('file_name', 'content');

-- The address of a member is that of a pseudonym, after the line in the list: two addresses of one person stay two rows.
create function is_member_pseudonym(stored member, changed member) returns boolean language sql stable as $$
    select to_jsonb(stored) - '{email,name}'::text[] = to_jsonb(changed) - '{email,name}'::text[]
        and exists (select 1 from person p where changed.email = stored.line || '.' || p.private_email and p.pseudonymised_at is not null)
$$;
drop trigger member_refuses_update on member;
create trigger member_refuses_update before update on member for each row
    when (not is_member_pseudonym(old, new)) execute function refuse_change_of_applied_member();
