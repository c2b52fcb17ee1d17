//! What the service itself works with: jobs and answers kept for retries.

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        state -> Text,
        progress -> BigInt,
        step_zh -> Text,
        step_en -> Text,
        cancel_requested -> Bool,
        input_cipher -> Nullable<Binary>,
        result_cipher -> Nullable<Binary>,
        lease_until -> Nullable<Timestamp>,
        attempts -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        account_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    idempotency_keys (id) {
        id -> BigInt,
        key_index -> Binary,
        request_index -> Binary,
        status -> Nullable<BigInt>,
        headers -> Nullable<Text>,
        answer_cipher -> Nullable<Binary>,
        created_at -> Timestamp,
    }
}
