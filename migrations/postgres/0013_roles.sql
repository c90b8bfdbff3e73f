-- Roles are granted with a reason, most of them by two people, and those of auditors always end.

alter table role_grant add column reason text not null default '';
alter table role_grant add column approved_by uuid references account (id);
update role_grant set ends_at = granted_at + interval '13 months' where role = 'auditor' and ends_at is null;
create index role_grant_by_end on role_grant (ends_at);

create table role_request (
    id uuid not null primary key,
    account_id uuid not null references account (id),
    role text not null,
    reason text not null,
    ends_at timestamptz,
    requested_at timestamptz not null,
    requested_by uuid not null references account (id),
    decided_at timestamptz,
    -- null for what lapsed by itself
    decided_by uuid references account (id),
    outcome text check (outcome in ('approved', 'refused', 'withdrawn', 'lapsed')),
    -- why it was refused
    refusal text
);
create index role_request_by_account on role_request (account_id);
create index role_request_by_time on role_request (requested_at, id);
-- nobody asks twice at once
create unique index role_request_undecided on role_request (account_id, role) where decided_at is null;
create trigger role_request_refuses_delete before delete on role_request for each row execute function refuse_change();
create trigger role_request_refuses_truncate before truncate on role_request for each statement execute function refuse_change();

-- folded name, for ordering and finding
alter table account add column sort_name text not null default '';
update account set sort_name = lower(name);
create index account_by_name on account (sort_name, id);
alter table account add column disabled_by uuid references account (id);
alter table account add column disabled_reason text;
-- when, and by whom, the rights of an administrator were taken from it: for a while, whoever did it does not act as the only one left
alter table account add column unseated_at timestamptz;
alter table account add column unseated_by uuid references account (id);

-- the history of one account
create index audit_entry_by_subject on audit_entry (subject_id, seq);
