-- Rules that people define: for whom, counted from what, and instructions that are written here.

-- domain::group::Group as JSON: alternatives of conditions; without any, everybody
alter table requirement add column audience text not null default '[]';
-- what due_offset_days is counted from, and in which days
alter table requirement add column counts_from text not null default 'start'
    check (counts_from in ('start', 'start_working', 'assignment', 'assignment_working'));
-- counted up by every change, so that two editors never overwrite each other
alter table requirement add column revision bigint not null default 1;
-- only of instructions
alter table requirement add column title_de text;
alter table requirement add column title_en text;
alter table requirement add column body_de text;
alter table requirement add column body_en text;
alter table requirement add column minutes bigint;
alter table requirement add column needs_file boolean not null default false;
alter table requirement add column confirmed_by text check (confirmed_by in ('hr', 'security', 'manager'));

-- a JSON array of what HR notes about somebody, to form groups by
alter table person add column tags text not null default '[]';

-- the day on which it was asked, where the person works; null where only the due date is known
alter table assignment add column assigned_on date;
update assignment set assigned_on = (select (p.created_at at time zone 'UTC')::date from person p where p.id = assignment.person_id) where cause = 'first';
-- since when the rule asks it of this person no more; what was done stays
alter table assignment add column outside_since timestamptz;
-- since when what was done in an earlier employment counts for the present one
alter table assignment add column carried_over_at timestamptz;

-- Two more causes.
alter table assignment drop constraint assignment_cause_check;
alter table assignment add constraint assignment_cause_check
    check (cause in ('first', 'yearly', 'new_version', 'withdrawn', 'left_list', 'exemption_ended', 'rule', 'rehired'));
