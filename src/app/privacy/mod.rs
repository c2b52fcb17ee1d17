//! Personal data by purpose: on what legal basis, with whose consent, shown to whom, kept how long.
//!
//! Map: [`bases`] says on what ground a purpose is served; [`consents`] records what people agree to and who may be in an
//! automatic list now; [`cards`] is what an employer sees of a candidate, [`introductions`] how it gets to know more.
//! [`export`] gives a person everything, [`deletion`] takes two people, [`retention`] removes what was kept long enough; [`published`] are
//! the figures for everybody.

pub mod acquaintance;
pub mod bases;
pub mod cards;
pub mod consents;
pub mod deletion;
pub mod export;
pub mod introductions;
pub mod published;
pub mod retention;
