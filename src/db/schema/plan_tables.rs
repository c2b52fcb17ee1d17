//! The tables of plans: migration `0004_plans`.

use super::{households, memberships};

diesel::table! {
    plans (id) {
        id -> BigInt,
        parent_id -> Nullable<BigInt>,
        as_of -> Date,
        policy_version -> BigInt,
        engine_version -> Text,
        input_hash -> Text,
        fold_covered -> BigInt,
        fold_kept -> BigInt,
        covered -> BigInt,
        kept -> BigInt,
        suitability -> BigInt,
        placed -> BigInt,
        promises -> BigInt,
        value -> Text,
        bound -> Text,
        households -> BigInt,
        covered_before -> BigInt,
        covered_after -> BigInt,
        uncovered -> BigInt,
        rows_hash -> Text,
        job_id -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    plan_baselines (id) {
        id -> BigInt,
        plan_id -> BigInt,
        rule -> Text,
        covered -> BigInt,
        kept -> BigInt,
        suitability -> BigInt,
        placed -> BigInt,
        households -> BigInt,
    }
}

diesel::table! {
    plan_placements (id) {
        id -> BigInt,
        plan_id -> BigInt,
        resident_id -> BigInt,
        posting_id -> BigInt,
        household_id -> BigInt,
        suitability -> BigInt,
        pinned -> Bool,
        kept -> Bool,
    }
}

diesel::table! {
    plan_prices (id) {
        id -> BigInt,
        plan_id -> BigInt,
        posting_id -> BigInt,
        price -> BigInt,
        vacancies -> BigInt,
    }
}

diesel::table! {
    plan_households (id) {
        id -> BigInt,
        plan_id -> BigInt,
        household_id -> BigInt,
        state -> Text,
        weight -> BigInt,
        place_limit -> BigInt,
        class -> Nullable<Text>,
        evidence -> Nullable<Text>,
    }
}

diesel::table! {
    plan_pins (id) {
        id -> BigInt,
        resident_id -> BigInt,
        posting_id -> BigInt,
        kind -> Text,
        reason_cipher -> Binary,
        made_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    plan_overrides (id) {
        id -> BigInt,
        plan_id -> BigInt,
        pin_id -> BigInt,
        covered_without -> BigInt,
        kept_without -> BigInt,
        suitability_without -> BigInt,
        households_without -> BigInt,
    }
}

diesel::table! {
    plan_gaps (id) {
        id -> BigInt,
        plan_id -> BigInt,
        kind -> Text,
        best -> Text,
        candidates -> BigInt,
        worthless -> BigInt,
        evaluated -> BigInt,
        complete -> Bool,
    }
}

diesel::table! {
    plan_changes (id) {
        id -> BigInt,
        plan_id -> BigInt,
        resident_id -> BigInt,
        kind -> Text,
        from_posting_id -> Nullable<BigInt>,
        to_posting_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        gate -> Nullable<Text>,
        for_household_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    plan_adoptions (id) {
        id -> BigInt,
        turn -> BigInt,
        plan_id -> BigInt,
        previous_plan_id -> Nullable<BigInt>,
        run_id -> BigInt,
        adopted_at -> Timestamp,
        adopted_by -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    plans,
    plan_baselines,
    plan_placements,
    plan_prices,
    plan_households,
    plan_pins,
    plan_overrides,
    plan_gaps,
    plan_changes,
    plan_adoptions,
);

// Lists of a plan are narrowed to the households somebody may see.
diesel::allow_tables_to_appear_in_same_query!(plan_households, households);
diesel::allow_tables_to_appear_in_same_query!(plan_households, memberships);
diesel::allow_tables_to_appear_in_same_query!(plan_placements, households);
diesel::allow_tables_to_appear_in_same_query!(plan_placements, memberships);
diesel::allow_tables_to_appear_in_same_query!(plan_changes, households);
diesel::allow_tables_to_appear_in_same_query!(plan_changes, memberships);
diesel::allow_tables_to_appear_in_same_query!(plan_pins, households);
diesel::allow_tables_to_appear_in_same_query!(plan_pins, memberships);
