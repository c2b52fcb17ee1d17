//! What people said of the columns and words of imported files: tables of 0016.

diesel::table! {
    column_mappings (id) {
        id -> BigInt,
        fingerprint -> Text,
        column_key -> Text,
        field -> Nullable<Text>,
        updated_at -> Timestamp,
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
