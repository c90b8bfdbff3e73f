-- Limits that all instances share, and what whoever guards an installation has to know. Nothing here holds an address, a name or
-- anything that was typed.

create table throttle (
    -- keyed hash of the limit and of whom it limits
    key_hash bytea not null primary key,
    -- Unix seconds: from then on all is forgiven
    empty_at bigint not null
);
create index throttle_by_end on throttle (empty_at);

create table security_event (
    id uuid not null primary key,
    at timestamptz not null,
    kind text not null,
    -- none: nobody we know
    account_id uuid references account (id),
    -- the thing it is about
    subject_id uuid,
    -- the beginning of a keyed hash of the client's address
    fingerprint text,
    -- how often within one minute, at least
    times bigint not null
);
create index security_event_by_time on security_event (at, id);
create index audit_entry_by_action on audit_entry (action, seq);

create function refuse_change_of_a_security_event() returns trigger language plpgsql as $$
begin
    raise exception 'security_event only counts up';
end
$$;
create trigger security_event_refuses_update before update on security_event for each row
    when (to_jsonb(new) - 'times' is distinct from to_jsonb(old) - 'times' or new.times < old.times)
    execute function refuse_change_of_a_security_event();
