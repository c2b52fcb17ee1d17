//! Training: tables of 0012.

use super::{households, memberships};

diesel::table! {
    courses (id) {
        id -> BigInt,
        name -> Text,
        provider -> Nullable<Text>,
        place -> Nullable<Text>,
        status -> Text,
        first_on -> Date,
        last_on -> Date,
        seats -> BigInt,
        taken -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    course_skills (id) {
        id -> BigInt,
        course_id -> BigInt,
        skill_id -> BigInt,
        level -> BigInt,
    }
}

diesel::table! {
    course_hours (id) {
        id -> BigInt,
        course_id -> BigInt,
        weekday -> BigInt,
        from_minute -> BigInt,
        to_minute -> BigInt,
    }
}

diesel::table! {
    enrolments (id) {
        id -> BigInt,
        course_id -> BigInt,
        resident_id -> BigInt,
        state -> Text,
        moved_on -> Date,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    enrolment_moves (id) {
        id -> BigInt,
        enrolment_id -> BigInt,
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
    attendances (id) {
        id -> BigInt,
        enrolment_id -> BigInt,
        day -> Date,
        minutes -> BigInt,
        recorded_by -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    skill_evidence (id) {
        id -> BigInt,
        enrolment_id -> BigInt,
        skill_id -> BigInt,
        level -> BigInt,
        shown_on -> Date,
        level_before -> Nullable<BigInt>,
    }
}

diesel::joinable!(course_skills -> courses (course_id));
diesel::joinable!(course_hours -> courses (course_id));
diesel::joinable!(enrolments -> courses (course_id));
diesel::joinable!(enrolment_moves -> enrolments (enrolment_id));
diesel::joinable!(attendances -> enrolments (enrolment_id));
diesel::joinable!(skill_evidence -> enrolments (enrolment_id));

diesel::allow_tables_to_appear_in_same_query!(
    courses,
    course_skills,
    course_hours,
    enrolments,
    enrolment_moves,
    attendances,
    skill_evidence,
);

// Enrolments of residents who live somewhere.
diesel::allow_tables_to_appear_in_same_query!(enrolments, memberships);
diesel::allow_tables_to_appear_in_same_query!(enrolments, households);
