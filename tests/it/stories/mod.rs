//! What people do with it, from the outside: forms over HTTP, and then a look at what was kept.

mod check_profiles;
mod checks;
pub mod course_files;
mod courses;
mod demo;
mod documents;
mod exemptions;
pub mod import;
mod import_files;
mod invitations;
mod leavers;
mod mails;
pub mod members;
mod nda;
mod nda_evidence;
mod nda_uploads;
mod never;
mod password_manager;
mod people;
mod policies;
mod pseudonyms;
mod record;
mod renewals;
mod rules;
mod sessions;
mod trail;
mod training;
