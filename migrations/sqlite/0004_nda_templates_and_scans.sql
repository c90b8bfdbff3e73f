-- Which NDA is meant for whom, and scans of what was signed on paper.

-- A document of kind 'nda' that is not the requirement's own is a template for a group. A criterion that is null is met by everybody.
create table nda_template (
    document_id blob not null primary key references document (id),
    -- what HR calls it; whoever signs never sees it
    name text not null,
    kind text check (kind in ('employee', 'contractor')),
    country text,
    -- as typed; compared without regard to case and accents
    department text,
    created_at text not null,
    -- from then on nobody gets it
    retired_at text
);

create table stored_file (
    id blob not null primary key,
    assignment_id blob not null references assignment (id),
    -- cleaned; never used as a path; null, as the content, once the person is known by a pseudonym only
    file_name text,
    -- told by the content, never by the name
    media_type text not null check (media_type in ('application/pdf', 'image/png', 'image/jpeg')),
    size integer not null,
    sha256 blob not null,
    content blob,
    uploaded_at text not null,
    uploaded_by blob not null references account (id)
);
create index stored_file_by_assignment on stored_file (assignment_id, uploaded_at);

create trigger stored_file_refuses_update before update on stored_file begin select raise(abort, 'stored_file is append-only'); end;
create trigger stored_file_refuses_delete before delete on stored_file begin select raise(abort, 'stored_file is append-only'); end;
