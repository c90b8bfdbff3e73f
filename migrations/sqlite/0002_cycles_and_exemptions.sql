-- An item can come again, and somebody with authority can lift it.

-- Why this cycle exists; the first one is simply part of joining.
alter table assignment add column cause text not null default 'first'
    check (cause in ('first', 'yearly', 'new_version', 'withdrawn', 'left_list', 'exemption_ended'));

create table exemption (
    id blob not null primary key,
    assignment_id blob not null references assignment (id),
    -- 'exemption': the item does not apply or is replaced; 'start_without_nda': HR lets somebody start, the NDA stays due
    kind text not null check (kind in ('exemption', 'start_without_nda')),
    reason text not null,
    compensating_step text not null,
    -- the last day on which it holds, where the person works
    ends_on text not null,
    requested_at text not null,
    requested_by blob not null references account (id),
    decided_at text,
    decided_by blob references account (id),
    approved boolean,
    ended_at text
);
create index exemption_by_assignment on exemption (assignment_id);
create index exemption_by_request on exemption (requested_at, id);
-- nobody asks twice at once
create unique index exemption_undecided on exemption (assignment_id, kind) where decided_at is null;
-- The register forgets nothing.
create trigger exemption_refuses_delete before delete on exemption begin select raise(abort, 'exemption is a register'); end;
