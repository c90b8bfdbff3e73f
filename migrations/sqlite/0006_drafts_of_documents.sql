-- Texts are written as drafts and published as versions that never change.

alter table document_version add column published_by blob references account (id);
-- from when it counts: by then those who are asked again have to have accepted
alter table document_version add column effective_on text;
-- what changed, in the editor's words, for those who read it
alter table document_version add column change_de text not null default '';
alter table document_version add column change_en text not null default '';

create table document_draft (
    document_id blob not null primary key references document (id),
    title_de text not null,
    title_en text not null,
    body_de text not null,
    body_en text not null,
    updated_at text not null,
    updated_by blob not null references account (id),
    -- from 1; whoever saves says which one they saw, so that two editors never overwrite each other unawares
    revision integer not null
);

-- What somebody typed into a form that was refused, where it is longer than a cookie holds; one per account, for a day.
create table kept_form (
    account_id blob not null primary key references account (id),
    id blob not null unique,
    content text not null,
    created_at text not null
);

create index evidence_by_document_version on evidence (document_version_id);
-- groups of people who share a deadline
create index person_by_zone on person (time_zone, start_date);
