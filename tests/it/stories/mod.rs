//! What people do with it, from the outside: forms over HTTP, and then a look at what was kept.

mod checks;
mod documents;
mod exemptions;
pub mod import;
mod import_files;
mod invitations;
mod leavers;
mod mails;
mod nda;
mod password_manager;
mod people;
mod policies;
mod renewals;
mod sessions;
mod trail;
mod training;
