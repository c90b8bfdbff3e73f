-- An item can come again, and somebody with authority can lift it.

-- Why this cycle exists; the first one is simply part of joining.
alter table assignment add column cause text not null default 'first'
    check (cause in ('first', 'yearly', 'new_version', 'withdrawn', 'left_list', 'exemption_ended'));

create table exemption (
    id uuid not null primary key,
    assignment_id uuid not null references assignment (id),
    -- 'exemption': the item does not apply or is replaced; 'start_without_nda': HR lets somebody start, the NDA stays due
    kind text not null check (kind in ('exemption', 'start_without_nda')),
    reason text not null,
    compensating_step text not null,
    -- the last day on which it holds, where the person works
    ends_on date not null,
    requested_at timestamptz not null,
    requested_by uuid not null references account (id),
    decided_at timestamptz,
    decided_by uuid references account (id),
    approved boolean,
    ended_at timestamptz
);
create index exemption_by_assignment on exemption (assignment_id);
create index exemption_by_request on exemption (requested_at, id);
-- nobody asks twice at once
create unique index exemption_undecided on exemption (assignment_id, kind) where decided_at is null;
-- The register forgets nothing.
create trigger exemption_refuses_delete before delete on exemption for each row execute function refuse_change();
create trigger exemption_refuses_truncate before truncate on exemption for each statement execute function refuse_change();
