-- The first schema. Instants are UTC at whole seconds; dates are local to the person they belong to.
-- The two folders hold the same tables under the same names; a test compares them.

create table person (
    id blob not null primary key,
    name text not null,
    private_email text not null unique,
    work_email text unique,
    kind text not null check (kind in ('employee', 'contractor')),
    country text not null,
    department text not null,
    job_title text not null,
    manager_id blob references person (id),
    start_date text not null,
    -- 00:00 of start_date in time_zone: the instant before which the NDA must be signed
    start_at text not null,
    time_zone text not null,
    end_date text,
    language text not null,
    -- folded name, e-mail addresses and department, for finding
    search_text text not null,
    -- folded name, for ordering
    sort_name text not null,
    created_at text not null
);
create index person_by_name on person (sort_name, id);
create index person_by_start on person (start_at, id);
create index person_by_manager on person (manager_id);

create table start_date_change (
    id blob not null primary key,
    person_id blob not null references person (id),
    changed_at text not null,
    changed_by blob,
    old_date text not null,
    new_date text not null,
    reason text not null
);
create index start_date_change_by_person on start_date_change (person_id, changed_at);

create table account (
    id blob not null primary key,
    person_id blob unique references person (id),
    email text not null unique,
    name text not null,
    password_hash text,
    language text not null,
    created_at text not null,
    disabled_at text
);

create table role_grant (
    account_id blob not null references account (id),
    role text not null,
    granted_at text not null,
    granted_by blob references account (id),
    ends_at text,
    primary key (account_id, role)
);

create table session (
    -- SHA-256 of the id in the cookie: a stolen table signs nobody in
    id_hash blob not null primary key,
    account_id blob not null references account (id),
    created_at text not null,
    expires_at text not null
);
create index session_by_account on session (account_id);
create index session_by_expiry on session (expires_at);

create table invitation (
    id blob not null primary key,
    person_id blob not null references person (id),
    token_hash blob not null unique,
    created_at text not null,
    created_by blob references account (id),
    expires_at text not null,
    used_at text,
    revoked_at text
);
create index invitation_by_person on invitation (person_id, created_at);

create table document (
    id blob not null primary key,
    kind text not null check (kind in ('nda', 'policy')),
    slug text not null unique
);

create table document_version (
    id blob not null primary key,
    document_id blob not null references document (id),
    number integer not null,
    published_at text not null,
    material boolean not null,
    -- honest reading time
    minutes integer not null,
    title_de text not null,
    title_en text not null,
    body_de text not null,
    body_en text not null,
    -- SHA-256 of title, line feed, body, in UTF-8
    sha256_de blob not null,
    sha256_en blob not null,
    unique (document_id, number)
);

create table course (
    id blob not null primary key,
    slug text not null unique
);

create table course_version (
    id blob not null primary key,
    course_id blob not null references course (id),
    number integer not null,
    published_at text not null,
    minutes integer not null,
    -- domain::course::Course as JSON
    content text not null,
    sha256 blob not null,
    unique (course_id, number)
);

create table requirement (
    id blob not null primary key,
    kind text not null,
    document_id blob references document (id),
    course_id blob references course (id),
    -- negative: days before the start; 0: by the start date; positive: days after
    due_offset_days integer not null,
    recurrence text not null check (recurrence in ('never', 'yearly')),
    position integer not null,
    created_at text not null,
    ended_at text
);

create table assignment (
    id blob not null primary key,
    person_id blob not null references person (id),
    requirement_id blob not null references requirement (id),
    -- 1 for the first time, 2 for the first repetition
    cycle integer not null,
    due_on text not null,
    -- exclusive: 00:00 after due_on in the person's time zone
    due_at text not null,
    state text not null check (state in ('open', 'waiting', 'done', 'failed', 'ended')),
    submitted_at text,
    done_at text,
    ended_at text,
    end_reason text,
    -- set when the deciding act came too late; never taken back
    late boolean not null,
    unique (person_id, requirement_id, cycle)
);
create index assignment_by_requirement on assignment (requirement_id, state);
create index assignment_by_due on assignment (state, due_at);

create table deadline_change (
    id blob not null primary key,
    assignment_id blob not null references assignment (id),
    changed_at text not null,
    old_due_on text not null,
    new_due_on text not null,
    reason text not null
);
create index deadline_change_by_assignment on deadline_change (assignment_id, changed_at);

create table evidence (
    id blob not null primary key,
    assignment_id blob not null references assignment (id),
    -- what it proves happened, as in domain::evidence
    kind text not null,
    -- when it happened
    at text not null,
    -- when it was written down here, and by whom
    recorded_at text not null,
    recorded_by blob references account (id),
    document_version_id blob references document_version (id),
    course_version_id blob references course_version (id),
    language text,
    sha256 blob,
    -- the rest, by kind, as JSON
    body text not null
);
create index evidence_by_assignment on evidence (assignment_id, recorded_at);

-- Outcome only. There is no column for a report, and none may be added.
create table background_check (
    assignment_id blob not null primary key references assignment (id),
    check_type text not null,
    provider text not null,
    reference text not null,
    requested_on text not null,
    completed_on text,
    outcome text check (outcome in ('cleared', 'alternative_done', 'not_required', 'not_cleared')),
    legal_basis text,
    reviewed_by blob references account (id),
    -- when provider and reference are to be removed; dates and outcome stay
    purge_on text
);

create table quiz_attempt (
    id blob not null primary key,
    assignment_id blob not null references assignment (id),
    course_version_id blob not null references course_version (id),
    started_at text not null,
    finished_at text,
    passed boolean
);
create index quiz_attempt_by_assignment on quiz_attempt (assignment_id, started_at);
-- two tabs share one open try
create unique index quiz_attempt_open on quiz_attempt (assignment_id, course_version_id) where finished_at is null;

create table quiz_answer (
    attempt_id blob not null references quiz_attempt (id),
    question_id text not null,
    option_index integer not null,
    answered_at text not null,
    primary key (attempt_id, question_id)
);

create table outbox (
    id blob not null primary key,
    kind text not null,
    person_id blob references person (id),
    invitation_id blob references invitation (id),
    recipient text not null,
    language text not null,
    created_at text not null,
    next_attempt_at text not null,
    attempts integer not null,
    leased_until text,
    sent_at text,
    last_error text
);
create index outbox_by_due on outbox (sent_at, next_attempt_at);
create index outbox_by_creation on outbox (created_at, id);

create table import_upload (
    id blob not null primary key,
    account_id blob not null references account (id),
    created_at text not null,
    file_name text not null,
    content blob not null,
    applied_at text
);

create table audit_head (
    id integer not null primary key check (id = 1),
    seq integer not null,
    hash blob not null
);

create table audit_entry (
    seq integer not null primary key,
    at text not null,
    actor_id blob,
    action text not null,
    subject_id blob not null,
    person_id blob,
    detail_hash blob not null,
    previous_hash blob not null,
    hash blob not null
);
create index audit_entry_by_person on audit_entry (person_id, seq);

create table audit_detail (
    seq integer not null primary key references audit_entry (seq),
    salt blob not null,
    body text not null
);

insert into audit_head (id, seq, hash) values (1, 0, zeroblob(32));

-- What proves something is never changed or removed, not even by mistake.
create trigger audit_entry_refuses_update before update on audit_entry begin select raise(abort, 'audit_entry is append-only'); end;
create trigger audit_entry_refuses_delete before delete on audit_entry begin select raise(abort, 'audit_entry is append-only'); end;
create trigger document_version_refuses_update before update on document_version begin select raise(abort, 'document_version is append-only'); end;
create trigger document_version_refuses_delete before delete on document_version begin select raise(abort, 'document_version is append-only'); end;
create trigger course_version_refuses_update before update on course_version begin select raise(abort, 'course_version is append-only'); end;
create trigger course_version_refuses_delete before delete on course_version begin select raise(abort, 'course_version is append-only'); end;
create trigger evidence_refuses_update before update on evidence begin select raise(abort, 'evidence is append-only'); end;
create trigger evidence_refuses_delete before delete on evidence begin select raise(abort, 'evidence is append-only'); end;
create trigger start_date_change_refuses_update before update on start_date_change begin select raise(abort, 'start_date_change is append-only'); end;
create trigger start_date_change_refuses_delete before delete on start_date_change begin select raise(abort, 'start_date_change is append-only'); end;
create trigger deadline_change_refuses_update before update on deadline_change begin select raise(abort, 'deadline_change is append-only'); end;
create trigger deadline_change_refuses_delete before delete on deadline_change begin select raise(abort, 'deadline_change is append-only'); end;
