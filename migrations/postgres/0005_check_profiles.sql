-- Country profiles of background checks, the person's consent, and what a check's workflow adds: still outcome only.

create table check_profile (
    -- ISO 3166-1 alpha-2, or 'generic': every country without a profile of its own
    country text not null primary key,
    sentence_de text not null,
    sentence_en text not null,
    needs_consent boolean not null,
    -- a check that waits longer counts as stuck
    patience_days bigint not null,
    -- details are removed so long after the outcome
    purge_after_days bigint not null,
    -- domain::check_profile::Choice as JSON
    choices text not null,
    -- from 1; names what was shown to a person who consents, and to an administrator who edits
    version bigint not null,
    changed_at timestamptz not null
);

-- What the person said last; what they said before stands in the evidence and in the audit trail.
create table check_consent (
    assignment_id uuid not null primary key references assignment (id),
    consents boolean not null,
    decided_at timestamptz not null
);

-- what is checked, as the profile said it: check_type in German, here in English
alter table background_check add column check_type_en text not null default '';
update background_check set check_type_en = check_type;
-- since when the provider has what they need
alter table background_check add column with_provider_on date;
-- 00:00, in the person's time zone, of the day from which on the check counts as stuck
alter table background_check add column stuck_at timestamptz;
-- what is under way already gets the default patience
update background_check set stuck_at = (requested_on + 14)::timestamp at time zone 'UTC' where outcome is null;
-- words of HR about the process, at most 200 characters; removed with provider and reference
alter table background_check add column note text not null default '';
-- when provider, reference and note were removed
alter table background_check add column purged_on date;
