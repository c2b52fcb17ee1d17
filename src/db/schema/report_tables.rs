//! Reports and the lists people save: tables of 0017.

use super::{accounts, areas};

diesel::table! {
    reports (id) {
        id -> BigInt,
        community_id -> BigInt,
        month -> Date,
        version -> BigInt,
        corrects_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        compared_id -> Nullable<BigInt>,
        as_of -> Date,
        frozen_on -> Date,
        frozen_at -> Timestamp,
        frozen_by -> Nullable<BigInt>,
        policy_version -> BigInt,
        engine_version -> Text,
        known_to -> BigInt,
        data_hash -> Text,
        content_hash -> Text,
    }
}

diesel::table! {
    report_figures (id) {
        id -> BigInt,
        report_id -> BigInt,
        place -> BigInt,
        part -> Text,
        code -> Text,
        group_key -> Text,
        group_zh -> Text,
        group_en -> Text,
        unit -> Text,
        name_zh -> Text,
        name_en -> Text,
        definition_zh -> Text,
        definition_en -> Text,
        value -> BigInt,
        value_before -> Nullable<BigInt>,
        subjects -> Text,
    }
}

diesel::table! {
    report_changes (id) {
        id -> BigInt,
        report_id -> BigInt,
        from_state -> Nullable<Text>,
        to_state -> Nullable<Text>,
        reason -> Text,
        households -> BigInt,
        subjects -> Text,
    }
}

diesel::table! {
    report_signatures (id) {
        id -> BigInt,
        report_id -> BigInt,
        account_id -> BigInt,
        name -> Text,
        signed_on -> Date,
        signed_at -> Timestamp,
        content_hash -> Text,
    }
}

diesel::table! {
    saved_views (id) {
        id -> BigInt,
        account_id -> BigInt,
        list -> Text,
        name -> Text,
        fields -> Text,
        created_at -> Timestamp,
    }
}

diesel::joinable!(reports -> areas (community_id));
diesel::joinable!(report_figures -> reports (report_id));
diesel::joinable!(report_changes -> reports (report_id));
diesel::joinable!(report_signatures -> reports (report_id));
diesel::joinable!(saved_views -> accounts (account_id));
