//! What became of the facts: tables of 0013.

diesel::table! {
    events (id) {
        id -> BigInt,
        position -> Nullable<BigInt>,
        community_id -> Nullable<BigInt>,
        seq -> Nullable<BigInt>,
        area_id -> Nullable<BigInt>,
        household_id -> Nullable<BigInt>,
        recorded_at -> Nullable<Timestamp>,
        kind -> Text,
        operation -> Text,
        row_id -> BigInt,
        resident_id -> Nullable<BigInt>,
        data -> Nullable<Text>,
    }
}

diesel::table! {
    event_streams (stream) {
        stream -> BigInt,
        last -> BigInt,
    }
}
