-- Lists of a password manager's members, as uploaded, and who their addresses are. A list that was applied is evidence.

create table member_list (
    id uuid not null primary key,
    vendor text not null check (vendor in ('bitwarden', 'one_password', 'other')),
    file_name text not null,
    -- SHA-256 of the file
    sha256 bytea not null,
    -- how many accounts it names; 0 as long as it could not be read
    members bigint not null,
    uploaded_at timestamptz not null,
    uploaded_by uuid not null references account (id),
    applied_at timestamptz,
    applied_by uuid references account (id),
    -- the file, as long as it could not be read
    content bytea not null
);
create index member_list_by_application on member_list (applied_at, id);

create table member (
    list_id uuid not null references member_list (id),
    line bigint not null,
    -- lower case
    email text not null,
    name text not null,
    status text not null check (status in ('active', 'accepted', 'invited', 'revoked')),
    two_step text not null check (two_step in ('on', 'enforced', 'unknown', 'off')),
    primary key (list_id, email)
);

-- Said by hand; outlives the lists.
create table member_match (
    email text not null primary key,
    -- none: nobody of ours, such as an account for a service
    person_id uuid references person (id),
    remembered_at timestamptz not null,
    remembered_by uuid not null references account (id)
);
create index member_match_by_person on member_match (person_id);

create table member_mapping (
    -- SHA-256 of the header that the mapping is for
    header bytea not null primary key,
    -- service::member_list::Mapping as JSON
    mapping text not null,
    remembered_at timestamptz not null,
    remembered_by uuid not null references account (id)
);

-- Previews come and go; what was applied stays as it was.
create function refuse_change_of_applied_list() returns trigger language plpgsql as $$
begin
    if old.applied_at is not null then
        raise exception '% is append-only once applied', tg_table_name;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end
$$;
create function refuse_change_of_applied_member() returns trigger language plpgsql as $$
declare
    list uuid;
begin
    if tg_op = 'INSERT' then
        list := new.list_id;
    else
        list := old.list_id;
    end if;
    if exists (select 1 from member_list l where l.id = list and l.applied_at is not null) then
        raise exception '% is append-only once applied', tg_table_name;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end
$$;
create trigger member_list_refuses_update before update on member_list for each row execute function refuse_change_of_applied_list();
create trigger member_list_refuses_delete before delete on member_list for each row execute function refuse_change_of_applied_list();
create trigger member_list_refuses_truncate before truncate on member_list for each statement execute function refuse_change();
create trigger member_refuses_update before update on member for each row execute function refuse_change_of_applied_member();
create trigger member_refuses_delete before delete on member for each row execute function refuse_change_of_applied_member();
create trigger member_refuses_insert before insert on member for each row execute function refuse_change_of_applied_member();
create trigger member_refuses_truncate before truncate on member for each statement execute function refuse_change();
