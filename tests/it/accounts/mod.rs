//! Accounts: passwords, sign-ins, second factors, and what ends them.

mod commands;
mod first;
mod http;
mod pages;
mod passwords;
mod second_factor;
mod sessions;
mod sign_in;
pub mod support;
mod tls;
