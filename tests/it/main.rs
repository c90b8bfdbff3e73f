//! One binary for all tests against the whole program: stories over HTTP, the store's contract, who may do what, and the shape of the
//! code. Every test has a database of its own; nothing here waits for a socket or for the clock.

mod fixture;

mod authz_matrix;
mod layering;
mod pages;
mod role_table;
mod security_md;
mod store_contract;
mod stories;
mod supply;
