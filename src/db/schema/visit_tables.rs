//! Visits and concerns: tables of 0011.

use super::{employers, households, memberships, postings, residents};

diesel::table! {
    visits (id) {
        id -> BigInt,
        household_id -> BigInt,
        status -> Text,
        visit_on -> Date,
        channel -> Text,
        account_id -> Nullable<BigInt>,
        found_note_cipher -> Nullable<Binary>,
        next_step -> Nullable<Text>,
        next_on -> Nullable<Date>,
        next_note_cipher -> Nullable<Binary>,
        next_done_on -> Nullable<Date>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    visit_findings (id) {
        id -> BigInt,
        visit_id -> BigInt,
        finding -> Text,
    }
}

diesel::table! {
    concerns (id) {
        id -> BigInt,
        resident_id -> BigInt,
        about -> Text,
        employer_id -> Nullable<BigInt>,
        posting_id -> Nullable<BigInt>,
        text_cipher -> Binary,
        refuses_automation -> Bool,
        opened_on -> Date,
        opened_by -> Nullable<BigInt>,
        due_on -> Date,
        closed_on -> Nullable<Date>,
        outcome -> Nullable<Text>,
        answer_cipher -> Nullable<Binary>,
        closed_by -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::joinable!(visits -> households (household_id));
diesel::joinable!(visit_findings -> visits (visit_id));
diesel::joinable!(concerns -> residents (resident_id));
diesel::joinable!(concerns -> employers (employer_id));
diesel::joinable!(concerns -> postings (posting_id));

diesel::allow_tables_to_appear_in_same_query!(visits, visit_findings);

// Visits of households that lie somewhere.
diesel::allow_tables_to_appear_in_same_query!(visits, households);

// Concerns of residents whose household lies somewhere.
diesel::allow_tables_to_appear_in_same_query!(concerns, memberships);
diesel::allow_tables_to_appear_in_same_query!(concerns, households);
diesel::allow_tables_to_appear_in_same_query!(concerns, residents);
