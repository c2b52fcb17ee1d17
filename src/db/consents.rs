//! Legal bases by purpose and day, and what residents agreed to or refused.
//!
//! Invariant: a consent is never changed but by its withdrawal, once. Cost of [`service_words`] and [`introduction_words`]: one scan
//! of the table; of [`words_of`]: look-ups.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::among::among;
use super::connection::{AnyConnection, Both, on_each};
use super::error::{DbError, DbResult, Meaning};
use super::rows::{self, Stored};
use super::schema::{consents, legal_bases};
use crate::domain::privacy::{ConsentDecision, ConsentForm, LegalBasis, Purpose};
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "同意记录", en: "consent" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = legal_bases)]
pub struct BasisRow {
    pub purpose: Purpose,
    pub basis: LegalBasis,
    /// The article or document it rests on.
    pub reference: String,
    pub valid_from: NaiveDate,
}

/// Every basis of every purpose, by id.
pub fn bases(conn: &mut AnyConnection) -> DbResult<Vec<BasisRow>> {
    Ok(legal_bases::table.select(BasisRow::as_select()).order(legal_bases::id).load(conn)?)
}

/// Sets the basis of a purpose from a day on; one that starts on the same day is replaced.
pub fn set_basis(conn: &mut AnyConnection, row: &BasisRow) -> DbResult<()> {
    Both(
        diesel::insert_into(legal_bases::table)
            .values(row)
            .on_conflict((legal_bases::purpose, legal_bases::valid_from))
            .do_update()
            .set((legal_bases::basis.eq(row.basis), legal_bases::reference.eq(&row.reference))),
    )
    .execute(conn)?;
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = consents, treat_none_as_default_value = false)]
pub struct ConsentData {
    pub resident_id: i64,
    pub purpose: Purpose,
    pub decision: ConsentDecision,
    /// Set exactly for an introduction, with the recipient as it was told to the person.
    pub employer_id: Option<i64>,
    pub recipient_name: Option<String>,
    pub recipient_contact: Option<String>,
    pub form: ConsentForm,
    pub evidence: Option<String>,
    pub given_on: NaiveDate,
    /// Last valid day; `None` = until withdrawn.
    pub valid_until: Option<NaiveDate>,
    pub withdrawn_at: Option<NaiveDateTime>,
    pub recorded_by: Option<i64>,
    pub withdrawal_recorded_by: Option<i64>,
    pub created_at: NaiveDateTime,
}

pub type ConsentRow = Stored<ConsentData>;

rows::stored!(consents, ConsentData, WHAT);

/// What a resident agreed to or refused, in the order recorded.
pub fn of_resident(conn: &mut AnyConnection, resident: i64) -> DbResult<Vec<ConsentRow>> {
    Ok(consents::table
        .filter(consents::resident_id.eq(resident))
        .select((consents::id, ConsentData::as_select()))
        .order(consents::id)
        .load(conn)?)
}

/// Notes the withdrawal of a consent that stands; `Changed` if it was withdrawn before.
pub fn withdraw(conn: &mut AnyConnection, id: i64, at: NaiveDateTime, by: Option<i64>) -> DbResult<()> {
    let changed = diesel::update(consents::table.find(id))
        .filter(consents::withdrawn_at.is_null())
        .set((consents::withdrawn_at.eq(at), consents::withdrawal_recorded_by.eq(by)))
        .execute(conn)?;
    if changed == 1 {
        return Ok(());
    }
    get(conn, id)?;
    Err(DbError::Changed(WHAT))
}

/// What decides where a person stands: the narrow columns of a consent.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = consents)]
pub struct WordRow {
    pub id: i64,
    pub resident_id: i64,
    pub purpose: Purpose,
    pub employer_id: Option<i64>,
    pub decision: ConsentDecision,
    pub given_on: NaiveDate,
    pub valid_until: Option<NaiveDate>,
    pub withdrawn_at: Option<NaiveDateTime>,
    pub created_at: NaiveDateTime,
}

/// All words of these residents, in id order.
pub fn words_of(conn: &mut AnyConnection, residents: &[i64]) -> DbResult<Vec<WordRow>> {
    let own = consents::table.filter(among(consents::resident_id, residents));
    Ok(on_each!(conn, |c| own.select(WordRow::as_select()).order(consents::id).load(c))?)
}

/// What everybody said of introductions, in id order.
pub fn introduction_words(conn: &mut AnyConnection) -> DbResult<Vec<WordRow>> {
    let about = consents::table.filter(consents::purpose.eq(Purpose::Introduction));
    Ok(about.select(WordRow::as_select()).order(consents::id).load(conn)?)
}

/// What everybody said of anything else, in id order.
pub fn service_words(conn: &mut AnyConnection) -> DbResult<Vec<WordRow>> {
    let service = consents::table.filter(consents::purpose.ne(Purpose::Introduction));
    Ok(service.select(WordRow::as_select()).order(consents::id).load(conn)?)
}

/// The kinds of data a consent names.
pub mod kinds {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::consent_kinds;
    use crate::domain::privacy::DataKind;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = consent_kinds)]
    pub struct ConsentKind {
        pub consent_id: i64,
        pub kind: DataKind,
    }

    rows::child_list!(consent_kinds, consent_id, ConsentKind, Label { zh: "同意的信息种类", en: "kind of data" });
}
