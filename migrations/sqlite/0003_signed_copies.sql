-- What somebody signed, frozen as they got it: the exact text, and the PDF with its signature page.
create table signed_copy (
    assignment_id blob not null primary key references assignment (id),
    language text not null,
    -- these three are null once the person is known by a pseudonym only
    title text,
    -- Markdown without the title, with nothing left to fill in
    body text,
    -- SHA-256 of title, line feed, body, in UTF-8
    sha256 blob not null,
    pdf blob,
    pdf_sha256 blob not null,
    created_at text not null
);
create trigger signed_copy_refuses_update before update on signed_copy begin select raise(abort, 'signed_copy is append-only'); end;
create trigger signed_copy_refuses_delete before delete on signed_copy begin select raise(abort, 'signed_copy is append-only'); end;
