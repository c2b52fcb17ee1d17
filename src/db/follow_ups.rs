//! What was asked about a job after it began.
//!
//! Invariant (unique index): each milestone of a job is answered once; attempts that reached nobody are as many as they were.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows;
use super::schema::follow_ups;
use super::seal::Sealed;
use crate::domain::follow_up::FollowUpOutcome;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "就业回访", en: "follow-up" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = follow_ups, treat_none_as_default_value = false)]
pub struct FollowUpRow {
    pub spell_id: i64,
    /// 1, 3 or 6.
    pub months: i64,
    pub outcome: FollowUpOutcome,
    pub done_on: NaiveDate,
    pub done_by: Option<i64>,
    pub note_cipher: Option<Sealed>,
    pub created_at: NaiveDateTime,
}

rows::child_list!(follow_ups, spell_id, FollowUpRow, WHAT);
