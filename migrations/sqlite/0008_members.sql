-- Lists of a password manager's members, as uploaded, and who their addresses are. A list that was applied is evidence.

create table member_list (
    id blob not null primary key,
    vendor text not null check (vendor in ('bitwarden', 'one_password', 'other')),
    file_name text not null,
    -- SHA-256 of the file
    sha256 blob not null,
    -- how many accounts it names; 0 as long as it could not be read
    members integer not null,
    uploaded_at text not null,
    uploaded_by blob not null references account (id),
    applied_at text,
    applied_by blob references account (id),
    -- the file, as long as it could not be read
    content blob not null
);
create index member_list_by_application on member_list (applied_at, id);

create table member (
    list_id blob not null references member_list (id),
    line integer not null,
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
    person_id blob references person (id),
    remembered_at text not null,
    remembered_by blob not null references account (id)
);
create index member_match_by_person on member_match (person_id);

create table member_mapping (
    -- SHA-256 of the header that the mapping is for
    header blob not null primary key,
    -- service::member_list::Mapping as JSON
    mapping text not null,
    remembered_at text not null,
    remembered_by blob not null references account (id)
);

-- Previews come and go; what was applied stays as it was.
create trigger member_list_refuses_update before update on member_list when old.applied_at is not null begin select raise(abort, 'member_list is append-only once applied'); end;
create trigger member_list_refuses_delete before delete on member_list when old.applied_at is not null begin select raise(abort, 'member_list is append-only once applied'); end;
create trigger member_refuses_update before update on member when (select l.applied_at from member_list l where l.id = old.list_id) is not null begin select raise(abort, 'member is append-only once applied'); end;
create trigger member_refuses_delete before delete on member when (select l.applied_at from member_list l where l.id = old.list_id) is not null begin select raise(abort, 'member is append-only once applied'); end;
create trigger member_refuses_insert before insert on member when (select l.applied_at from member_list l where l.id = new.list_id) is not null begin select raise(abort, 'member is append-only once applied'); end;
