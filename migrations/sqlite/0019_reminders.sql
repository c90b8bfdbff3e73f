-- Reminders: what was sent about which item and why, in which mail, and who else was told.

-- One mail of this kind a day for each reader, who is a person or an account that is nobody's.
create table digest (
    id blob not null primary key,
    -- the person's id, else the account's
    recipient_id blob not null,
    person_id blob references person (id),
    account_id blob references account (id),
    -- the day on which it was planned, where the reader is
    local_day text not null,
    created_at text not null,
    unique (recipient_id, local_day)
);

-- What the rules of domain::reminders asked for. A deadline that moves begins anew.
create table reminder (
    id blob not null primary key,
    assignment_id blob not null references assignment (id),
    due_on text not null,
    rule text not null,
    -- which of those that repeat, else 0
    number integer not null,
    -- the day, where the person works
    sent_on text not null,
    -- the mail to the person; none for what goes to others
    digest_id blob references digest (id),
    unique (assignment_id, due_on, rule, number)
);
create index reminder_by_digest on reminder (digest_id);
create index reminder_by_rule on reminder (rule, sent_on);

-- Who else was told.
create table reminder_told (
    reminder_id blob not null references reminder (id),
    recipient_id blob not null,
    digest_id blob not null references digest (id),
    primary key (reminder_id, recipient_id)
);
create index reminder_told_by_digest on reminder_told (digest_id);

alter table outbox add column digest_id blob references digest (id);
create index outbox_by_digest on outbox (digest_id);
create index outbox_by_person on outbox (person_id, created_at);

-- The last day on which nobody reminds this person. Why, stands in the history only.
alter table person add column reminders_paused_until text;
create index person_by_zone_and_id on person (time_zone, id);
