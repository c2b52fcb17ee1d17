//! What people said of the columns and words of imported files, and what files say of households: tables of 0016 and 0018.

diesel::table! {
    column_mappings (id) {
        id -> BigInt,
        fingerprint -> Text,
        column_key -> Text,
        field -> Nullable<Text>,
        updated_at -> Timestamp,
        head -> Nullable<Text>,
    }
}

diesel::table! {
    word_mappings (id) {
        id -> BigInt,
        field -> Text,
        word -> Text,
        meaning -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    household_proposals (id) {
        id -> BigInt,
        kind -> Text,
        household_id -> BigInt,
        other_household_id -> Nullable<BigInt>,
        new_code -> Nullable<Text>,
        happened_on -> Date,
        batch_id -> Nullable<BigInt>,
        state -> Text,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        new_building_id -> Nullable<BigInt>,
        new_unit -> Nullable<Text>,
    }
}

diesel::table! {
    household_proposal_members (id) {
        id -> BigInt,
        proposal_id -> BigInt,
        resident_id -> BigInt,
        relation -> Text,
    }
}

diesel::table! {
    record_findings (id) {
        id -> BigInt,
        finding_id -> BigInt,
        household_id -> BigInt,
        resident_id -> Nullable<BigInt>,
        settled_at -> Nullable<Timestamp>,
        settled_by -> Nullable<BigInt>,
    }
}

use super::{households, import_batches, import_findings};

diesel::allow_tables_to_appear_in_same_query!(household_proposals, household_proposal_members);
diesel::allow_tables_to_appear_in_same_query!(household_proposals, households);
diesel::joinable!(record_findings -> import_findings (finding_id));
diesel::allow_tables_to_appear_in_same_query!(record_findings, import_findings);
diesel::allow_tables_to_appear_in_same_query!(record_findings, import_batches);
diesel::allow_tables_to_appear_in_same_query!(record_findings, households);
