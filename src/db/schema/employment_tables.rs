//! What is asked about a job after it began: tables of 0010.

use super::employment_spells;

diesel::table! {
    follow_ups (id) {
        id -> BigInt,
        spell_id -> BigInt,
        months -> BigInt,
        outcome -> Text,
        done_on -> Date,
        done_by -> Nullable<BigInt>,
        note_cipher -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}

diesel::joinable!(follow_ups -> employment_spells (spell_id));

diesel::allow_tables_to_appear_in_same_query!(follow_ups, employment_spells);
