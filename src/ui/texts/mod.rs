//! Every text of the interface, German and English side by side: one cannot be written without the other.
//!
//! `texts!` makes a function of each line: it takes the reader's language and the named arguments. Plurals are arms of a
//! `match` in an argument's place, as both languages have two forms; see `words::count`.

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $(($($arg:ident : $type:ty),+))? = $de:literal | $en:literal;)+) => {
        $(texts!(@one $(#[$doc])* $name $(($($arg : $type),+))? = $de | $en);)+
    };
    (@one $(#[$doc:meta])* $name:ident = $de:literal | $en:literal) => {
        $(#[$doc])*
        pub const fn $name(locale: $crate::domain::locale::Locale) -> &'static str {
            match locale {
                $crate::domain::locale::Locale::De => $de,
                $crate::domain::locale::Locale::En => $en,
            }
        }
    };
    (@one $(#[$doc:meta])* $name:ident ($($arg:ident : $type:ty),+) = $de:literal | $en:literal) => {
        $(#[$doc])*
        pub fn $name(locale: $crate::domain::locale::Locale, $($arg: $type),+) -> String {
            match locale {
                $crate::domain::locale::Locale::De => format!($de),
                $crate::domain::locale::Locale::En => format!($en),
            }
        }
    };
}

pub mod account;
pub mod accounts;
pub mod auth;
pub mod calendar;
pub mod checklist;
pub mod checks;
pub mod common;
pub mod content;
pub mod courses;
pub mod documents;
pub mod events;
pub mod exemptions;
pub mod factors;
pub mod hr;
pub mod lead;
pub mod members;
pub mod nda;
pub mod outbox;
pub mod problems;
pub mod record;
pub mod reminders;
pub mod rules;
pub mod search;
pub mod team;
