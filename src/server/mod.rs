//! Everything native: HTTP, who asks, use cases, storage, jobs, the command line.

pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod context;
pub mod demo;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod pdf;
pub mod service;
pub mod store;
pub mod vault;
pub mod zones;
