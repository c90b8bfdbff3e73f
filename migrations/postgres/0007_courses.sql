-- Courses that are written here: drafts, images, and what an attempt came to.

create table course_draft (
    course_id uuid not null primary key references course (id),
    -- domain::course::Course as JSON
    content text not null,
    -- counted up by every change, so that two editors never overwrite each other
    revision bigint not null,
    updated_at timestamptz not null,
    updated_by uuid not null references account (id)
);

create table course_image (
    sha256 bytea not null primary key,
    media_type text not null check (media_type in ('image/jpeg', 'image/png')),
    content bytea not null,
    uploaded_at timestamptz not null,
    uploaded_by uuid not null references account (id)
);

-- whether everyone who had passed was asked to pass again
alter table course_version add column material boolean not null default true;
-- as in the content; none in versions from before there were several courses
alter table course_version add column title_de text;
alter table course_version add column title_en text;

-- the person's own business, like the answers
alter table quiz_attempt add column correct bigint;
alter table quiz_attempt add column asked bigint;

create trigger course_image_refuses_update before update on course_image for each row execute function refuse_change();
create trigger course_image_refuses_delete before delete on course_image for each row execute function refuse_change();
create trigger course_image_refuses_truncate before truncate on course_image for each statement execute function refuse_change();
