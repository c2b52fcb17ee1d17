//! Accounts, audit and privacy: tables of 0005 and 0006.

use super::{households, memberships};

diesel::table! {
    accounts (id) {
        id -> BigInt,
        login -> Text,
        display_name -> Text,
        password_hash -> Nullable<Text>,
        password_set_at -> Nullable<Timestamp>,
        must_change_password -> Bool,
        totp_cipher -> Nullable<Binary>,
        totp_confirmed_at -> Nullable<Timestamp>,
        totp_last_step -> Nullable<BigInt>,
        disabled_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    account_roles (id) {
        id -> BigInt,
        account_id -> BigInt,
        role -> Text,
        area_id -> Nullable<BigInt>,
        employer_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        token_index -> Binary,
        label -> Text,
        second_factor -> Bool,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    one_time_secrets (id) {
        id -> BigInt,
        kind -> Text,
        account_id -> Nullable<BigInt>,
        secret_index -> Binary,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    audit_events (seq) {
        seq -> BigInt,
        at -> Timestamp,
        actor_kind -> Text,
        account_id -> Nullable<BigInt>,
        role -> Nullable<Text>,
        scope -> Text,
        action -> Text,
        object_kind -> Text,
        object_id -> Nullable<BigInt>,
        operation -> Text,
        purpose -> Text,
        request_id -> Text,
        outcome -> Text,
        before_hash -> Nullable<Binary>,
        after_hash -> Nullable<Binary>,
        detail_cipher -> Nullable<Binary>,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    audit_subjects (seq, resident_id) {
        seq -> BigInt,
        resident_id -> BigInt,
    }
}

diesel::table! {
    audit_chain (id) {
        id -> BigInt,
        first_seq -> BigInt,
        first_previous_hash -> Binary,
        last_seq -> BigInt,
        last_hash -> Binary,
        mac -> Binary,
    }
}

diesel::table! {
    legal_bases (id) {
        id -> BigInt,
        purpose -> Text,
        basis -> Text,
        reference -> Text,
        valid_from -> Date,
    }
}

diesel::table! {
    consents (id) {
        id -> BigInt,
        resident_id -> BigInt,
        purpose -> Text,
        decision -> Text,
        employer_id -> Nullable<BigInt>,
        recipient_name -> Nullable<Text>,
        recipient_contact -> Nullable<Text>,
        form -> Text,
        evidence -> Nullable<Text>,
        given_on -> Date,
        valid_until -> Nullable<Date>,
        withdrawn_at -> Nullable<Timestamp>,
        recorded_by -> Nullable<BigInt>,
        withdrawal_recorded_by -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    consent_kinds (id) {
        id -> BigInt,
        consent_id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    introductions (id) {
        id -> BigInt,
        employer_id -> BigInt,
        posting_id -> BigInt,
        resident_id -> BigInt,
        status -> Text,
        consent_id -> Nullable<BigInt>,
        recipient_name -> Text,
        recipient_contact -> Nullable<Text>,
        requested_by -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        interview_on -> Nullable<Date>,
    }
}

diesel::table! {
    approvals (id) {
        id -> BigInt,
        action -> Text,
        resident_id -> BigInt,
        reason_cipher -> Binary,
        requested_by -> Nullable<BigInt>,
        status -> Text,
        decided_by -> Nullable<BigInt>,
        decision_cipher -> Nullable<Binary>,
        created_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(account_roles -> accounts (account_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(consent_kinds -> consents (consent_id));

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    account_roles,
    sessions,
    one_time_secrets,
    audit_events,
    audit_subjects,
    audit_chain,
    legal_bases,
    consents,
    consent_kinds,
    introductions,
    approvals,
);

// Introductions about residents who live somewhere.
diesel::allow_tables_to_appear_in_same_query!(introductions, memberships);
diesel::allow_tables_to_appear_in_same_query!(introductions, households);

// Lists about residents are narrowed to the households somebody may see.
diesel::allow_tables_to_appear_in_same_query!(approvals, memberships);
diesel::allow_tables_to_appear_in_same_query!(approvals, households);
