-- Addresses that people hand to their calendar programs, when somebody was nudged last, and umlauts that are found either way.

create table calendar_feed (
    id blob not null primary key,
    account_id blob not null references account (id),
    kind text not null check (kind in ('own', 'hr')),
    -- SHA-256 of the token in the address, which stands nowhere here
    token_hash blob not null unique,
    created_at text not null,
    -- null: it is live; what has ended stays, so that its program is not taken for somebody who guesses
    ended_at text,
    -- to the hour; null: never
    fetched_at text
);
-- one of a kind at a time
create unique index calendar_feed_live on calendar_feed (account_id, kind) where ended_at is null;

create index outbox_by_nudge on outbox (person_id, created_at) where kind = 'nudge';

-- As domain::person::searchable writes it from now on: ae, oe and ue stand for the letters that are written so.
update person set search_text = replace(replace(replace(search_text, 'ae', 'a'), 'oe', 'o'), 'ue', 'u') where pseudonymised_at is null;
