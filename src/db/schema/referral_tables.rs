//! Referrals and what employers are told: tables of 0007.

use super::{employment_spells, households, memberships};

diesel::table! {
    referrals (id) {
        id -> BigInt,
        resident_id -> BigInt,
        posting_id -> BigInt,
        employer_id -> BigInt,
        state -> Text,
        suitable -> Bool,
        consent_id -> Nullable<BigInt>,
        spell_id -> Nullable<BigInt>,
        moved_on -> Date,
        referred_on -> Nullable<Date>,
        answered_on -> Nullable<Date>,
        reminded_on -> Nullable<Date>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    referral_moves (id) {
        id -> BigInt,
        referral_id -> BigInt,
        step -> BigInt,
        from_state -> Nullable<Text>,
        to_state -> Text,
        reason -> Nullable<Text>,
        note_cipher -> Nullable<Binary>,
        happened_on -> Date,
        actor_kind -> Text,
        account_id -> Nullable<BigInt>,
        role -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    referral_overrides (id) {
        id -> BigInt,
        referral_id -> BigInt,
        step -> BigInt,
        gate -> Text,
        reason_cipher -> Binary,
    }
}

diesel::table! {
    notices (id) {
        id -> BigInt,
        employer_id -> BigInt,
        kind -> Text,
        referral_id -> Nullable<BigInt>,
        posting_id -> Nullable<BigInt>,
        created_on -> Date,
        read_at -> Nullable<Timestamp>,
        read_by -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::joinable!(referral_moves -> referrals (referral_id));
diesel::joinable!(referral_overrides -> referrals (referral_id));

diesel::allow_tables_to_appear_in_same_query!(referrals, referral_moves, referral_overrides, notices);

// The jobs that came of referrals.
diesel::allow_tables_to_appear_in_same_query!(referrals, employment_spells);

// Referrals of residents who live somewhere.
diesel::allow_tables_to_appear_in_same_query!(referrals, memberships);
diesel::allow_tables_to_appear_in_same_query!(referrals, households);
