-- Sessions know their device, when they were last used, and when their holder last proved who they are. The table is made anew:
-- everybody signs in again, which is the least that a change of how sessions are trusted asks for.

drop table session;

create table session (
    -- what the list of one's own sessions calls it
    id blob not null unique,
    -- SHA-256 of the id in the cookie: a stolen table signs nobody in
    id_hash blob not null primary key,
    account_id blob not null references account (id),
    created_at text not null,
    expires_at text not null,
    -- to the minute
    seen_at text not null,
    -- when its holder last gave a password, a second factor or a passkey; a personal link proves once
    proved_at text not null,
    -- null: no second factor was given
    second_factor_at text,
    -- of the last use
    ip text not null,
    user_agent text not null
);
create index session_by_account on session (account_id);
create index session_by_expiry on session (expires_at);
