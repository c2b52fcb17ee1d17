//! HTTP: thin handlers over `app`. Extract, one call, convert.
//!
//! Map: [`routes`] is the one list of operations; [`error`] the one table of error codes; [`extract`], [`scalars`] and
//! [`json`] read requests strictly; [`once`] makes POSTs idempotent. A request passes [`guard`] ([`ingress`]: from where and by
//! what name), [`rates`] and [`admission`], which asks the policy by the lines of [`operations`] and makes the [`access`] that
//! handlers hold. [`docs`] and [`server`] publish and serve; every other file is one resource.

pub mod access;
pub mod accounts;
pub mod admission;
pub mod approvals;
pub mod areas;
pub mod audit;
pub mod auth;
pub mod barriers;
pub mod cards;
pub mod care;
pub mod clock;
pub mod concerns;
pub mod consents;
pub mod courses;
pub mod coverage;
pub mod declines;
pub mod diagnosis;
pub mod docs;
pub mod docs_access;
pub mod due;
pub mod employers;
pub mod enrolments;
pub mod error;
pub mod events;
pub mod extract;
pub mod follow_ups;
pub mod guard;
pub mod health;
pub mod household_changes;
pub mod household_proposals;
pub mod households;
pub mod imports;
pub mod ingress;
pub mod introductions;
pub mod jobs;
pub mod json;
pub mod ledgers;
pub mod notices;
pub mod once;
pub mod operations;
pub mod page;
pub mod page_doors;
pub mod personal_data;
pub mod plan_gap;
pub mod plan_lists;
pub mod plan_pins;
pub mod plans;
pub mod policies;
pub mod posting_terms;
pub mod postings;
pub mod profile;
pub mod published;
pub mod rates;
pub mod recommendations;
pub mod referrals;
pub mod reports;
pub mod resident_lists;
pub mod residents;
pub mod routes;
pub mod scalars;
pub mod server;
pub mod signed;
pub mod skills;
pub mod spells;
pub mod state;
pub mod tls;
pub mod training_plan;
pub mod transparency;
pub mod vacancies;
pub mod visit_plan;
pub mod visits;
