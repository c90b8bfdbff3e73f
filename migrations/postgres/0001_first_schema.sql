-- The first schema. Instants are UTC at whole seconds; dates are local to the person they belong to.
-- The two folders hold the same tables under the same names; a test compares them.

create table person (
    id uuid not null primary key,
    name text not null,
    private_email text not null unique,
    work_email text unique,
    kind text not null check (kind in ('employee', 'contractor')),
    country text not null,
    department text not null,
    job_title text not null,
    manager_id uuid references person (id),
    start_date date not null,
    -- 00:00 of start_date in time_zone: the instant before which the NDA must be signed
    start_at timestamptz not null,
    time_zone text not null,
    end_date date,
    language text not null,
    -- folded name, e-mail addresses and department, for finding
    search_text text not null,
    -- folded name, for ordering
    sort_name text not null,
    created_at timestamptz not null
);
create index person_by_name on person (sort_name, id);
create index person_by_start on person (start_at, id);
create index person_by_manager on person (manager_id);

create table start_date_change (
    id uuid not null primary key,
    person_id uuid not null references person (id),
    changed_at timestamptz not null,
    changed_by uuid,
    old_date date not null,
    new_date date not null,
    reason text not null
);
create index start_date_change_by_person on start_date_change (person_id, changed_at);

create table account (
    id uuid not null primary key,
    person_id uuid unique references person (id),
    email text not null unique,
    name text not null,
    password_hash text,
    language text not null,
    created_at timestamptz not null,
    disabled_at timestamptz
);

create table role_grant (
    account_id uuid not null references account (id),
    role text not null,
    granted_at timestamptz not null,
    granted_by uuid references account (id),
    ends_at timestamptz,
    primary key (account_id, role)
);

create table session (
    -- SHA-256 of the id in the cookie: a stolen table signs nobody in
    id_hash bytea not null primary key,
    account_id uuid not null references account (id),
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index session_by_account on session (account_id);
create index session_by_expiry on session (expires_at);

create table invitation (
    id uuid not null primary key,
    person_id uuid not null references person (id),
    token_hash bytea not null unique,
    created_at timestamptz not null,
    created_by uuid references account (id),
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
create index invitation_by_person on invitation (person_id, created_at);

create table document (
    id uuid not null primary key,
    kind text not null check (kind in ('nda', 'policy')),
    slug text not null unique
);

create table document_version (
    id uuid not null primary key,
    document_id uuid not null references document (id),
    number bigint not null,
    published_at timestamptz not null,
    material boolean not null,
    -- honest reading time
    minutes bigint not null,
    title_de text not null,
    title_en text not null,
    body_de text not null,
    body_en text not null,
    -- SHA-256 of title, line feed, body, in UTF-8
    sha256_de bytea not null,
    sha256_en bytea not null,
    unique (document_id, number)
);

create table course (
    id uuid not null primary key,
    slug text not null unique
);

create table course_version (
    id uuid not null primary key,
    course_id uuid not null references course (id),
    number bigint not null,
    published_at timestamptz not null,
    minutes bigint not null,
    -- domain::course::Course as JSON
    content text not null,
    sha256 bytea not null,
    unique (course_id, number)
);

create table requirement (
    id uuid not null primary key,
    kind text not null,
    document_id uuid references document (id),
    course_id uuid references course (id),
    -- negative: days before the start; 0: by the start date; positive: days after
    due_offset_days bigint not null,
    recurrence text not null check (recurrence in ('never', 'yearly')),
    position bigint not null,
    created_at timestamptz not null,
    ended_at timestamptz
);

create table assignment (
    id uuid not null primary key,
    person_id uuid not null references person (id),
    requirement_id uuid not null references requirement (id),
    -- 1 for the first time, 2 for the first repetition
    cycle bigint not null,
    due_on date not null,
    -- exclusive: 00:00 after due_on in the person's time zone
    due_at timestamptz not null,
    state text not null check (state in ('open', 'waiting', 'done', 'failed', 'ended')),
    submitted_at timestamptz,
    done_at timestamptz,
    ended_at timestamptz,
    end_reason text,
    -- set when the deciding act came too late; never taken back
    late boolean not null,
    unique (person_id, requirement_id, cycle)
);
create index assignment_by_requirement on assignment (requirement_id, state);
create index assignment_by_due on assignment (state, due_at);

create table deadline_change (
    id uuid not null primary key,
    assignment_id uuid not null references assignment (id),
    changed_at timestamptz not null,
    old_due_on date not null,
    new_due_on date not null,
    reason text not null
);
create index deadline_change_by_assignment on deadline_change (assignment_id, changed_at);

create table evidence (
    id uuid not null primary key,
    assignment_id uuid not null references assignment (id),
    -- what it proves happened, as in domain::evidence
    kind text not null,
    -- when it happened
    at timestamptz not null,
    -- when it was written down here, and by whom
    recorded_at timestamptz not null,
    recorded_by uuid references account (id),
    document_version_id uuid references document_version (id),
    course_version_id uuid references course_version (id),
    language text,
    sha256 bytea,
    -- the rest, by kind, as JSON
    body text not null
);
create index evidence_by_assignment on evidence (assignment_id, recorded_at);

-- Outcome only. There is no column for a report, and none may be added.
create table background_check (
    assignment_id uuid not null primary key references assignment (id),
    check_type text not null,
    provider text not null,
    reference text not null,
    requested_on date not null,
    completed_on date,
    outcome text check (outcome in ('cleared', 'alternative_done', 'not_required', 'not_cleared')),
    legal_basis text,
    reviewed_by uuid references account (id),
    -- when provider and reference are to be removed; dates and outcome stay
    purge_on date
);

create table quiz_attempt (
    id uuid not null primary key,
    assignment_id uuid not null references assignment (id),
    course_version_id uuid not null references course_version (id),
    started_at timestamptz not null,
    finished_at timestamptz,
    passed boolean
);
create index quiz_attempt_by_assignment on quiz_attempt (assignment_id, started_at);
-- two tabs share one open try
create unique index quiz_attempt_open on quiz_attempt (assignment_id, course_version_id) where finished_at is null;

create table quiz_answer (
    attempt_id uuid not null references quiz_attempt (id),
    question_id text not null,
    option_index bigint not null,
    answered_at timestamptz not null,
    primary key (attempt_id, question_id)
);

create table outbox (
    id uuid not null primary key,
    kind text not null,
    person_id uuid references person (id),
    invitation_id uuid references invitation (id),
    recipient text not null,
    language text not null,
    created_at timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts bigint not null,
    leased_until timestamptz,
    sent_at timestamptz,
    last_error text
);
create index outbox_by_due on outbox (sent_at, next_attempt_at);
create index outbox_by_creation on outbox (created_at, id);

create table import_upload (
    id uuid not null primary key,
    account_id uuid not null references account (id),
    created_at timestamptz not null,
    file_name text not null,
    content bytea not null,
    applied_at timestamptz
);

create table audit_head (
    id bigint not null primary key check (id = 1),
    seq bigint not null,
    hash bytea not null
);

create table audit_entry (
    seq bigint not null primary key,
    at timestamptz not null,
    actor_id uuid,
    action text not null,
    subject_id uuid not null,
    person_id uuid,
    detail_hash bytea not null,
    previous_hash bytea not null,
    hash bytea not null
);
create index audit_entry_by_person on audit_entry (person_id, seq);

create table audit_detail (
    seq bigint not null primary key references audit_entry (seq),
    salt bytea not null,
    body text not null
);

insert into audit_head (id, seq, hash) values (1, 0, decode(repeat('00', 32), 'hex'));

-- What proves something is never changed or removed, not even by mistake.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end
$$;
create trigger audit_entry_refuses_update before update on audit_entry for each row execute function refuse_change();
create trigger audit_entry_refuses_delete before delete on audit_entry for each row execute function refuse_change();
create trigger audit_entry_refuses_truncate before truncate on audit_entry for each statement execute function refuse_change();
create trigger document_version_refuses_update before update on document_version for each row execute function refuse_change();
create trigger document_version_refuses_delete before delete on document_version for each row execute function refuse_change();
create trigger document_version_refuses_truncate before truncate on document_version for each statement execute function refuse_change();
create trigger course_version_refuses_update before update on course_version for each row execute function refuse_change();
create trigger course_version_refuses_delete before delete on course_version for each row execute function refuse_change();
create trigger course_version_refuses_truncate before truncate on course_version for each statement execute function refuse_change();
create trigger evidence_refuses_update before update on evidence for each row execute function refuse_change();
create trigger evidence_refuses_delete before delete on evidence for each row execute function refuse_change();
create trigger evidence_refuses_truncate before truncate on evidence for each statement execute function refuse_change();
create trigger start_date_change_refuses_update before update on start_date_change for each row execute function refuse_change();
create trigger start_date_change_refuses_delete before delete on start_date_change for each row execute function refuse_change();
create trigger start_date_change_refuses_truncate before truncate on start_date_change for each statement execute function refuse_change();
create trigger deadline_change_refuses_update before update on deadline_change for each row execute function refuse_change();
create trigger deadline_change_refuses_delete before delete on deadline_change for each row execute function refuse_change();
create trigger deadline_change_refuses_truncate before truncate on deadline_change for each statement execute function refuse_change();
