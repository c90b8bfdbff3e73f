//! HR's pages: the day-1 gate, people, imports. People and persons are read by security, auditors and managers too.

pub mod board;
mod changes;
pub mod check;
pub mod check_forms;
pub mod exemption;
pub mod import;
pub mod last_day;
pub mod paper_nda;
pub mod people;
pub mod person;
pub mod person_form;
pub mod preview;
pub mod rehire;
pub mod reminders;
pub mod start_date;
pub mod withdraw_nda;
