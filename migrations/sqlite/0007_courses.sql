-- Courses that are written here: drafts, images, and what an attempt came to.

create table course_draft (
    course_id blob not null primary key references course (id),
    -- domain::course::Course as JSON
    content text not null,
    -- counted up by every change, so that two editors never overwrite each other
    revision integer not null,
    updated_at text not null,
    updated_by blob not null references account (id)
);

create table course_image (
    sha256 blob not null primary key,
    media_type text not null check (media_type in ('image/jpeg', 'image/png')),
    content blob not null,
    uploaded_at text not null,
    uploaded_by blob not null references account (id)
);

-- whether everyone who had passed was asked to pass again
alter table course_version add column material boolean not null default true;
-- as in the content; none in versions from before there were several courses
alter table course_version add column title_de text;
alter table course_version add column title_en text;

-- the person's own business, like the answers
alter table quiz_attempt add column correct integer;
alter table quiz_attempt add column asked integer;

create trigger course_image_refuses_update before update on course_image begin select raise(abort, 'course_image is append-only'); end;
create trigger course_image_refuses_delete before delete on course_image begin select raise(abort, 'course_image is append-only'); end;
