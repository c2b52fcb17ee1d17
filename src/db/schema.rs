//! The tables as diesel sees them: the same on SQLite and PostgreSQL. Follows `migrations/`; a test compares them.

mod access_tables;
mod clock_tables;
mod employment_tables;
mod event_tables;
mod mapping_tables;
mod plan_tables;
mod referral_tables;
mod report_tables;
mod service_tables;
mod training_tables;
mod visit_tables;

pub use self::access_tables::*;
pub use self::clock_tables::*;
pub use self::employment_tables::*;
pub use self::event_tables::*;
pub use self::mapping_tables::*;
pub use self::plan_tables::*;
pub use self::referral_tables::*;
pub use self::report_tables::*;
pub use self::service_tables::*;
pub use self::training_tables::*;
pub use self::visit_tables::*;

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    settings (id) {
        id -> BigInt,
        key -> Text,
        value -> Text,
        valid_from -> Date,
    }
}

diesel::table! {
    areas (id) {
        id -> BigInt,
        parent_id -> Nullable<BigInt>,
        kind -> Text,
        name -> Text,
        minutes_to_park -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    import_batches (id) {
        id -> BigInt,
        file_name -> Text,
        file_index -> Binary,
        as_of -> Date,
        accept_clean_rows -> Bool,
        created -> BigInt,
        updated -> BigInt,
        unchanged -> BigInt,
        rejected -> BigInt,
        created_at -> Timestamp,
        account_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_findings (id) {
        id -> BigInt,
        batch_id -> BigInt,
        code -> Text,
        severity -> Text,
        sheet -> Text,
        row_number -> BigInt,
        column_name -> Nullable<Text>,
        masked_value -> Nullable<Text>,
        message_zh -> Text,
        message_en -> Text,
    }
}

diesel::table! {
    import_rejected_rows (id) {
        id -> BigInt,
        batch_id -> BigInt,
        sheet -> Text,
        row_number -> BigInt,
        cells_cipher -> Binary,
    }
}

diesel::table! {
    households (id) {
        id -> BigInt,
        code -> Nullable<Text>,
        building_id -> BigInt,
        unit -> Nullable<Text>,
        township -> Nullable<Text>,
        monitoring_class -> Text,
        recognised_on -> Nullable<Date>,
        helper_name -> Nullable<Text>,
        note_cipher -> Nullable<Binary>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    residents (id) {
        id -> BigInt,
        name -> Text,
        id_number_cipher -> Binary,
        id_number_index -> Binary,
        phone_cipher -> Nullable<Binary>,
        phone_index -> Nullable<Binary>,
        sex -> Text,
        birth_date -> Date,
        ethnicity -> Nullable<Text>,
        education -> Nullable<Text>,
        health -> Nullable<Text>,
        labour_class -> Nullable<Text>,
        labour_class_on -> Nullable<Date>,
        school_status -> Nullable<Text>,
        absence -> Nullable<Text>,
        died_on -> Nullable<Date>,
        willing -> Nullable<Bool>,
        willing_to_train -> Nullable<Bool>,
        seeking_change -> Bool,
        retirement_group -> Nullable<Text>,
        max_physical_grade -> Nullable<BigInt>,
        max_load_kg -> Nullable<BigInt>,
        no_forced_posture -> Nullable<Bool>,
        max_minutes -> Nullable<BigInt>,
        expected_pay -> Nullable<BigInt>,
        pay_floor -> Nullable<BigInt>,
        hazard_check_until -> Nullable<Date>,
        public_welfare_months -> Nullable<BigInt>,
        no_automated_recommendation -> Bool,
        restricted -> Bool,
        note_cipher -> Nullable<Binary>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        registered_by -> Nullable<BigInt>,
        restricted_on -> Nullable<Date>,
        erased_on -> Nullable<Date>,
    }
}

diesel::table! {
    household_events (id) {
        id -> BigInt,
        household_id -> BigInt,
        kind -> Text,
        other_household_id -> Nullable<BigInt>,
        resident_id -> Nullable<BigInt>,
        happened_on -> Date,
        created_at -> Timestamp,
    }
}

diesel::table! {
    household_exemptions (id) {
        id -> BigInt,
        household_id -> BigInt,
        decided_by -> Text,
        reason -> Text,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
    }
}

diesel::table! {
    memberships (id) {
        id -> BigInt,
        household_id -> BigInt,
        resident_id -> BigInt,
        relation -> Text,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
    }
}

diesel::table! {
    skills (id) {
        id -> BigInt,
        code -> Text,
        category -> Text,
        name_zh -> Text,
        name_en -> Text,
        occupation_code -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    skill_aliases (id) {
        id -> BigInt,
        skill_id -> BigInt,
        alias -> Text,
        normalised -> Text,
    }
}

diesel::table! {
    skill_links (id) {
        id -> BigInt,
        from_skill_id -> BigInt,
        to_skill_id -> BigInt,
        kind -> Text,
        points -> BigInt,
    }
}

diesel::table! {
    unmapped_names (id) {
        id -> BigInt,
        name -> Text,
        normalised -> Text,
        times_seen -> BigInt,
        first_seen_at -> Timestamp,
        ignored_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    occupations (id) {
        id -> BigInt,
        code -> Text,
        name -> Text,
        definition -> Text,
    }
}

diesel::table! {
    resident_skills (id) {
        id -> BigInt,
        resident_id -> BigInt,
        skill_id -> Nullable<BigInt>,
        name -> Text,
        normalised -> Text,
        level -> BigInt,
        months -> Nullable<BigInt>,
    }
}

diesel::table! {
    resident_certificates (id) {
        id -> BigInt,
        resident_id -> BigInt,
        name -> Text,
        normalised -> Text,
        valid_until -> Nullable<Date>,
    }
}

diesel::table! {
    resident_unavailable_hours (id) {
        id -> BigInt,
        resident_id -> BigInt,
        weekday -> BigInt,
        from_minute -> BigInt,
        to_minute -> BigInt,
    }
}

diesel::table! {
    resident_wishes (id) {
        id -> BigInt,
        resident_id -> BigInt,
        kind -> Text,
        value -> Text,
    }
}

diesel::table! {
    resident_ruled_out (id) {
        id -> BigInt,
        resident_id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    care_duties (id) {
        id -> BigInt,
        household_id -> BigInt,
        kind -> Text,
        carer_id -> Nullable<BigInt>,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
    }
}

diesel::table! {
    care_duty_hours (id) {
        id -> BigInt,
        care_duty_id -> BigInt,
        weekday -> BigInt,
        from_minute -> BigInt,
        to_minute -> BigInt,
    }
}

diesel::table! {
    employers (id) {
        id -> BigInt,
        name -> Text,
        credit_code -> Nullable<Text>,
        kind -> Text,
        industry -> Nullable<Text>,
        address -> Nullable<Text>,
        tenant_until -> Nullable<Date>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    postings (id) {
        id -> BigInt,
        code -> Nullable<Text>,
        employer_id -> BigInt,
        title -> Text,
        skill_id -> Nullable<BigInt>,
        status -> Text,
        channel -> Text,
        description -> Nullable<Text>,
        headcount -> BigInt,
        filled -> BigInt,
        pay_kind -> Nullable<Text>,
        pay_min_fen -> Nullable<BigInt>,
        pay_max_fen -> Nullable<BigInt>,
        shift -> Nullable<Text>,
        night_work -> Nullable<Bool>,
        overtime -> Nullable<Bool>,
        physical_grade -> Nullable<BigInt>,
        load_kg -> Nullable<BigInt>,
        lifts_per_hour -> Nullable<BigInt>,
        forced_posture -> Nullable<Bool>,
        underground_mine -> Nullable<Bool>,
        hazards_known -> Bool,
        age_min -> Nullable<BigInt>,
        age_max -> Nullable<BigInt>,
        age_is_soft -> Bool,
        experience_months -> Nullable<BigInt>,
        training_days -> Nullable<BigInt>,
        place -> Nullable<Text>,
        province -> Nullable<Text>,
        region -> Nullable<Text>,
        commute_minutes -> Nullable<BigInt>,
        special_hours_approval -> Nullable<Text>,
        start_on -> Nullable<Date>,
        valid_from -> Date,
        valid_until -> Nullable<Date>,
        note_cipher -> Nullable<Binary>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        confirmed_on -> Nullable<Date>,
    }
}

diesel::table! {
    posting_hours (id) {
        id -> BigInt,
        posting_id -> BigInt,
        weekday -> BigInt,
        from_minute -> BigInt,
        to_minute -> BigInt,
    }
}

diesel::table! {
    posting_skills (id) {
        id -> BigInt,
        posting_id -> BigInt,
        skill_id -> Nullable<BigInt>,
        name -> Text,
        normalised -> Text,
        importance -> Text,
        level -> BigInt,
    }
}

diesel::table! {
    posting_certificates (id) {
        id -> BigInt,
        posting_id -> BigInt,
        name -> Text,
        normalised -> Text,
    }
}

diesel::table! {
    posting_hazards (id) {
        id -> BigInt,
        posting_id -> BigInt,
        kind -> Text,
        grade -> Nullable<BigInt>,
    }
}

diesel::table! {
    employment_spells (id) {
        id -> BigInt,
        resident_id -> BigInt,
        employer_id -> Nullable<BigInt>,
        posting_id -> Nullable<BigInt>,
        channel -> Text,
        employer_name -> Nullable<Text>,
        job_title -> Nullable<Text>,
        skill_id -> Nullable<BigInt>,
        region -> Nullable<Text>,
        place -> Nullable<Text>,
        start_on -> Nullable<Date>,
        counted_from -> Date,
        end_on -> Nullable<Date>,
        monthly_income -> Nullable<BigInt>,
        part_time -> Bool,
        contract_until -> Nullable<Date>,
        evidence -> Nullable<Text>,
        verified_on -> Nullable<Date>,
        note_cipher -> Nullable<Binary>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    declines (id) {
        id -> BigInt,
        resident_id -> BigInt,
        posting_id -> BigInt,
        declined_on -> Date,
        reason -> Nullable<Text>,
        note_cipher -> Nullable<Binary>,
        was_suitable -> Bool,
    }
}

diesel::table! {
    training_records (id) {
        id -> BigInt,
        resident_id -> BigInt,
        kind -> Text,
        trade -> Nullable<Text>,
        provider -> Nullable<Text>,
        place -> Nullable<Text>,
        skill_id -> Nullable<BigInt>,
        start_on -> Date,
        end_on -> Nullable<Date>,
        days -> Nullable<BigInt>,
        subsidy_fen -> Nullable<BigInt>,
        note_cipher -> Nullable<Binary>,
    }
}

diesel::table! {
    barriers (id) {
        id -> BigInt,
        household_id -> Nullable<BigInt>,
        resident_id -> Nullable<BigInt>,
        kind -> Text,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        note_cipher -> Nullable<Binary>,
        opened_by -> Nullable<BigInt>,
        closed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    scoring_policies (id) {
        id -> BigInt,
        version -> BigInt,
        valid_from -> Date,
        weight_skill -> BigInt,
        weight_experience -> BigInt,
        weight_schedule -> BigInt,
        weight_pay -> BigInt,
        weight_distance -> BigInt,
        weight_preference -> BigInt,
        weight_comfort -> BigInt,
        decline_days -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    recommendation_runs (id) {
        id -> BigInt,
        as_of -> Date,
        policy_version -> BigInt,
        engine_version -> Text,
        input_hash -> Text,
        per_resident -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    recommendations (id) {
        id -> BigInt,
        run_id -> BigInt,
        resident_id -> BigInt,
        posting_id -> BigInt,
        rank -> BigInt,
        suitability -> BigInt,
        parts -> Text,
    }
}

diesel::joinable!(import_findings -> import_batches (batch_id));
diesel::joinable!(import_rejected_rows -> import_batches (batch_id));
diesel::joinable!(households -> areas (building_id));
diesel::joinable!(household_events -> residents (resident_id));
diesel::joinable!(household_exemptions -> households (household_id));
diesel::joinable!(memberships -> households (household_id));
diesel::joinable!(memberships -> residents (resident_id));
diesel::joinable!(skill_aliases -> skills (skill_id));
diesel::joinable!(resident_skills -> residents (resident_id));
diesel::joinable!(resident_skills -> skills (skill_id));
diesel::joinable!(resident_certificates -> residents (resident_id));
diesel::joinable!(resident_unavailable_hours -> residents (resident_id));
diesel::joinable!(resident_wishes -> residents (resident_id));
diesel::joinable!(resident_ruled_out -> residents (resident_id));
diesel::joinable!(care_duties -> households (household_id));
diesel::joinable!(care_duties -> residents (carer_id));
diesel::joinable!(care_duty_hours -> care_duties (care_duty_id));
diesel::joinable!(postings -> employers (employer_id));
diesel::joinable!(postings -> skills (skill_id));
diesel::joinable!(posting_hours -> postings (posting_id));
diesel::joinable!(posting_skills -> postings (posting_id));
diesel::joinable!(posting_skills -> skills (skill_id));
diesel::joinable!(posting_certificates -> postings (posting_id));
diesel::joinable!(posting_hazards -> postings (posting_id));
diesel::joinable!(employment_spells -> residents (resident_id));
diesel::joinable!(employment_spells -> employers (employer_id));
diesel::joinable!(employment_spells -> postings (posting_id));
diesel::joinable!(employment_spells -> skills (skill_id));
diesel::joinable!(declines -> residents (resident_id));
diesel::joinable!(declines -> postings (posting_id));
diesel::joinable!(training_records -> residents (resident_id));
diesel::joinable!(training_records -> skills (skill_id));
diesel::joinable!(barriers -> households (household_id));
diesel::joinable!(barriers -> residents (resident_id));
diesel::joinable!(recommendations -> recommendation_runs (run_id));
diesel::joinable!(recommendations -> residents (resident_id));
diesel::joinable!(recommendations -> postings (posting_id));

diesel::allow_tables_to_appear_in_same_query!(
    meta,
    settings,
    areas,
    import_batches,
    import_findings,
    import_rejected_rows,
    households,
    residents,
    household_events,
    household_exemptions,
    memberships,
    skills,
    skill_aliases,
    skill_links,
    unmapped_names,
    occupations,
    resident_skills,
    resident_certificates,
    resident_unavailable_hours,
    resident_wishes,
    resident_ruled_out,
    care_duties,
    care_duty_hours,
    employers,
    postings,
    posting_hours,
    posting_skills,
    posting_certificates,
    posting_hazards,
    employment_spells,
    declines,
    training_records,
    barriers,
    scoring_policies,
    recommendation_runs,
    recommendations,
    jobs,
    idempotency_keys,
);
