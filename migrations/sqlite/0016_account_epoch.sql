-- How often an account's sessions were ended. A sign-in that was checked before counts no more once it is written after.
alter table account add column epoch integer not null default 0;
