//! The household's clock: tables of 0008.

use super::households;

diesel::table! {
    recognitions (id) {
        id -> BigInt,
        household_id -> BigInt,
        recognised_on -> Date,
        recognised_by -> Nullable<BigInt>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        ended_by -> Nullable<BigInt>,
        end_note_cipher -> Nullable<Binary>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    household_services (id) {
        id -> BigInt,
        recognition_id -> BigInt,
        kind -> Text,
        done_on -> Date,
        done_by -> Nullable<BigInt>,
        note_cipher -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    calendar_days (id) {
        id -> BigInt,
        day -> Date,
        is_working -> Bool,
        name -> Nullable<Text>,
    }
}

diesel::joinable!(household_services -> recognitions (recognition_id));

diesel::allow_tables_to_appear_in_same_query!(recognitions, household_services);

// Recognitions of households that lie somewhere.
diesel::allow_tables_to_appear_in_same_query!(recognitions, households);
