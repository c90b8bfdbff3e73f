-- Which NDA is meant for whom, and scans of what was signed on paper.

-- A document of kind 'nda' that is not the requirement's own is a template for a group. A criterion that is null is met by everybody.
create table nda_template (
    document_id uuid not null primary key references document (id),
    -- what HR calls it; whoever signs never sees it
    name text not null,
    kind text check (kind in ('employee', 'contractor')),
    country text,
    -- as typed; compared without regard to case and accents
    department text,
    created_at timestamptz not null,
    -- from then on nobody gets it
    retired_at timestamptz
);

create table stored_file (
    id uuid not null primary key,
    assignment_id uuid not null references assignment (id),
    -- cleaned; never used as a path; null, as the content, once the person is known by a pseudonym only
    file_name text,
    -- told by the content, never by the name
    media_type text not null check (media_type in ('application/pdf', 'image/png', 'image/jpeg')),
    size bigint not null,
    sha256 bytea not null,
    content bytea,
    uploaded_at timestamptz not null,
    uploaded_by uuid not null references account (id)
);
create index stored_file_by_assignment on stored_file (assignment_id, uploaded_at);

create trigger stored_file_refuses_update before update on stored_file for each row execute function refuse_change();
create trigger stored_file_refuses_delete before delete on stored_file for each row execute function refuse_change();
create trigger stored_file_refuses_truncate before truncate on stored_file for each statement execute function refuse_change();
