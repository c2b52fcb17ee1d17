//! What a posting asks for: lists that are replaced as a whole.
//!
//! Each list is a module with `all`, `of`, `insert_all` and `replace`; the order of a list is the order it was entered in.

/// Working hours of the week.
pub mod hours {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::posting_hours;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = posting_hours, treat_none_as_default_value = false)]
    pub struct PostingHour {
        pub posting_id: i64,
        /// 1 (Monday) to 7.
        pub weekday: i64,
        pub from_minute: i64,
        pub to_minute: i64,
    }

    rows::hours_of_spans!(PostingHour, posting_id);
    rows::child_list!(posting_hours, posting_id, PostingHour, Label { zh: "工作时间", en: "working hours" });
}

pub mod skills {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::posting_skills;
    use crate::domain::codes::Importance;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = posting_skills, treat_none_as_default_value = false)]
    pub struct PostingSkill {
        pub posting_id: i64,
        /// `None` until the name is mapped.
        pub skill_id: Option<i64>,
        pub name: String,
        pub normalised: String,
        pub importance: Importance,
        /// 1 (beginner) to 5.
        pub level: i64,
    }

    rows::child_list!(posting_skills, posting_id, PostingSkill, Label { zh: "技能要求", en: "skill of the posting" });
}

pub mod certificates {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::posting_certificates;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = posting_certificates, treat_none_as_default_value = false)]
    pub struct PostingCertificate {
        pub posting_id: i64,
        pub name: String,
        pub normalised: String,
    }

    rows::child_list!(
        posting_certificates,
        posting_id,
        PostingCertificate,
        Label { zh: "证书要求", en: "certificate of the posting" }
    );
}

/// Occupational hazards.
pub mod hazards {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::posting_hazards;
    use crate::domain::codes::Hazard;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = posting_hazards, treat_none_as_default_value = false)]
    pub struct PostingHazard {
        pub posting_id: i64,
        pub kind: Hazard,
        /// 1..=4.
        pub grade: Option<i64>,
    }

    rows::child_list!(
        posting_hazards,
        posting_id,
        PostingHazard,
        Label { zh: "职业危害", en: "hazard of the posting" }
    );
}
