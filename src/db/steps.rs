//! Histories: the steps that brought a record where it is.
//!
//! Invariant: the steps of a record are numbered without a gap and only ever added.

use chrono::{NaiveDate, NaiveDateTime};

use super::seal::Sealed;
use crate::domain::access::{ActorKind, Role};

/// A step without its number: whence, whither, by whom and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStep<S, R> {
    pub from: Option<S>,
    pub to: S,
    pub reason: Option<R>,
    pub note_cipher: Option<Sealed>,
    pub happened_on: NaiveDate,
    pub actor_kind: ActorKind,
    pub account_id: Option<i64>,
    pub role: Option<Role>,
    pub created_at: NaiveDateTime,
}

/// The history table of one kind of record: its row, how many there are, and the next one.
macro_rules! history {
    ($table:ident, $record:ident, $state:ty, $reason:ty, $what:expr) => {
        /// One step, by whom and why.
        #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub struct MoveRow {
            pub $record: i64,
            /// 1, 2, …
            pub step: i64,
            pub from_state: Option<$state>,
            pub to_state: $state,
            pub reason: Option<$reason>,
            pub note_cipher: Option<$crate::db::seal::Sealed>,
            pub happened_on: chrono::NaiveDate,
            pub actor_kind: $crate::domain::access::ActorKind,
            pub account_id: Option<i64>,
            pub role: Option<$crate::domain::access::Role>,
            pub created_at: chrono::NaiveDateTime,
        }

        impl MoveRow {
            /// The number and the step.
            #[must_use]
            pub fn numbered(self) -> (i64, $crate::db::steps::NewStep<$state, $reason>) {
                let step = $crate::db::steps::NewStep {
                    from: self.from_state,
                    to: self.to_state,
                    reason: self.reason,
                    note_cipher: self.note_cipher,
                    happened_on: self.happened_on,
                    actor_kind: self.actor_kind,
                    account_id: self.account_id,
                    role: self.role,
                    created_at: self.created_at,
                };
                (self.step, step)
            }
        }

        $crate::db::rows::child_list!($table, $record, MoveRow, $what);

        /// How many there are.
        pub fn count(conn: &mut AnyConnection, record: i64) -> DbResult<i64> {
            Ok($table::table.filter($table::$record.eq(record)).count().get_result(conn)?)
        }

        /// Writes the next step of a record.
        pub fn append(
            conn: &mut AnyConnection,
            record: i64,
            step: $crate::db::steps::NewStep<$state, $reason>,
        ) -> DbResult<()> {
            let row = MoveRow {
                $record: record,
                step: count(conn, record)? + 1,
                from_state: step.from,
                to_state: step.to,
                reason: step.reason,
                note_cipher: step.note_cipher,
                happened_on: step.happened_on,
                actor_kind: step.actor_kind,
                account_id: step.account_id,
                role: step.role,
                created_at: step.created_at,
            };
            insert_all(conn, &[row])
        }
    };
}

pub(super) use history;
