-- Limits that all instances share, and what whoever guards an installation has to know. Nothing here holds an address, a name or
-- anything that was typed.

create table throttle (
    -- keyed hash of the limit and of whom it limits
    key_hash blob not null primary key,
    -- Unix seconds: from then on all is forgiven
    empty_at integer not null
);
create index throttle_by_end on throttle (empty_at);

create table security_event (
    id blob not null primary key,
    at text not null,
    kind text not null,
    -- none: nobody we know
    account_id blob references account (id),
    -- the thing it is about
    subject_id blob,
    -- the beginning of a keyed hash of the client's address
    fingerprint text,
    -- how often within one minute, at least
    times integer not null
);
create index security_event_by_time on security_event (at, id);
create index audit_entry_by_action on audit_entry (action, seq);

create trigger security_event_refuses_update before update on security_event
when new.id is not old.id or new.at is not old.at or new.kind is not old.kind or new.account_id is not old.account_id
    or new.subject_id is not old.subject_id or new.fingerprint is not old.fingerprint or new.times < old.times
begin select raise(abort, 'security_event only counts up'); end;
