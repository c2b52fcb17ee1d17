//! Wangjia (旺家, "thriving home"): employment matching, household-first plans and household coverage for relocation communities.
//!
//! Families moved from mountain villages into town; the promise is that **every household has at least one employed
//! person**. Factories in the community's micro-factory park post vacancies; residents have skills, ages, care duties.
//! The service keeps postings and profiles, recommends placements with reasons, computes the household-first plan that is provably
//! best and tracks household coverage.
//!
//! # Bird's eye
//!
//! A ledger (a spreadsheet as the offices have it) comes in through [`ledger`], which knows columns, dates and code lists but no
//! database. [`app`]`::imports` compares it with the rows of [`db`] and writes the difference in one transaction. For a
//! question (who suits this post? which households have nobody employed?) `app` reads a snapshot of rows, turns them into
//! values of [`domain`] and [`engine`], releases the connection, computes, and hands the answer to [`api`], [`pages`] or
//! [`cli`], which convert it into JSON, HTML or a table and know nothing else.
//!
//! What a skill is called is settled before any of that, once for a snapshot: exactly, by the aliases of the vocabulary, by
//! letters, and, where a user has loaded a classification of occupations, by meaning
//! ([`engine::vocabulary::meaning`]). The matching itself compares numbers only.
//!
//! # Map
//!
//! ```text
//!             main / cli
//!                 │
//!      ┌──────────┼───────────┐
//!     api       pages       (cli commands)      know HTTP / HTML / terminals, nothing else does
//!      └──────────┼───────────┘
//!                app                             use cases: the only layer that sees db, ledger and engine
//!       ┌─────────┼──────────┐
//!      db       ledger     engine                rows │ spreadsheets │ pure computation
//!                            │
//!                          domain                pure rules and values
//! ```
//!
//! | part | question it answers |
//! | --- | --- |
//! | [`domain`] | What do the rules say? Ages, ID numbers, employability, coverage of one household, posting law. |
//! | [`engine`] | How well does a resident suit a posting, why, and who suits best? Which plan covers the most households ([`engine::plan`])? |
//! | [`db`] | How are rows stored, sealed and changed safely, on SQLite and on PostgreSQL alike? |
//! | [`ledger`] | What does this spreadsheet say, and what is wrong with it? |
//! | [`app`] | What happens when somebody imports, recommends, plans, asks for coverage? |
//! | [`api`], [`pages`], [`cli`] | How do programs, browsers and terminals ask? |
//! | [`town`] | What does a believable community look like? The demo and the benchmarks live on it. |
//! | [`domain::access`], [`app::access`] | Who may do what to which record? One table, asked before any handler runs. |
//! | [`app::audit`] | Who did or read what, in a chain nobody can edit unseen? |
//! | [`app::referrals`], [`app::clock`], [`app::visits`], [`app::training`] | What do people do so that a recommendation becomes a job that lasts? |
//! | [`db::events`], [`app::events`] | What became of every fact, in order, and what was known on a past day? |
//! | [`app::simulation`] | What does a year of it look like, and is it worth it? |
//! | [`telemetry`] | What may be logged and counted (never personal data)? |
//!
//! # Invariants
//!
//! * **Directions.** `db`, `ledger` and `engine` do not know each other; `domain` and `engine` are pure: no I/O, no clock, no
//!   randomness. The compiler checks it (`cargo check --lib --no-default-features`), and `tests/it/layering.rs` the rest.
//! * **Coverage is computed from facts** (spells, memberships, decisions), never stored. Every grouping on every date adds up to
//!   all households: covered + uncovered + exempt.
//! * **One scoring function.** Recommendation, candidate list and explanation call the same kernel; what is shown is what
//!   was computed, and the parts add up to the score.
//! * **A plan proves itself**: no plan leaves [`engine::plan`] that its certificate has not been checked for, by code that shares
//!   nothing with the solver but the scores.
//! * **Protected fields cannot reach the scorer**: its input types have no sex, ethnicity, name, household class or grid.
//! * **Nothing half done.** An import is one transaction; a write transaction is immediate on SQLite and serializable on
//!   PostgreSQL.
//! * **Sealed at rest.** ID numbers, phones and free notes are sealed with a key that is never in the database; look-ups go through
//!   a keyed hash.
//! * **Same input, same bytes**, for any number of threads and on both databases.
//! * **Nobody in without the policy**: [`api::admission`] asks it for every request, the command line through
//!   [`app::access::entrance`]; what is not the caller's is answered like what does not exist.
//! * **No change and no reading of people without its entry** in the audit; a change and its entry are one transaction.
//! * **Every message exists in Chinese and in English**: [`domain::text::Text`] has both or does not compile.

pub mod domain;
pub mod engine;

#[cfg(feature = "server")]
pub mod api;
#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod db;
#[cfg(feature = "server")]
pub mod ledger;
#[cfg(feature = "server")]
pub mod pages;
#[cfg(feature = "server")]
pub mod telemetry;
#[cfg(feature = "server")]
pub mod town;
