//! What a resident can do, wants and rules out: lists that are replaced as a whole.
//!
//! Each list is a module with `all`, `of`, `insert_all` and `replace`; the order of a list is the order it was entered in.

/// Skills a person named, mapped to the vocabulary or not yet.
pub mod skills {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::resident_skills;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = resident_skills, treat_none_as_default_value = false)]
    pub struct ResidentSkill {
        pub resident_id: i64,
        /// `None` until the name is mapped.
        pub skill_id: Option<i64>,
        pub name: String,
        pub normalised: String,
        /// 1 (beginner) to 5.
        pub level: i64,
        pub months: Option<i64>,
    }

    rows::child_list!(resident_skills, resident_id, ResidentSkill, Label { zh: "技能", en: "skill of the resident" });
}

pub mod certificates {
    use chrono::NaiveDate;
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::resident_certificates;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = resident_certificates, treat_none_as_default_value = false)]
    pub struct ResidentCertificate {
        pub resident_id: i64,
        pub name: String,
        pub normalised: String,
        /// Last valid day; `None` = does not expire.
        pub valid_until: Option<NaiveDate>,
    }

    rows::child_list!(
        resident_certificates,
        resident_id,
        ResidentCertificate,
        Label { zh: "证书", en: "certificate of the resident" }
    );
}

/// Hours of the week in which a person cannot work.
pub mod hours {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::resident_unavailable_hours;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = resident_unavailable_hours, treat_none_as_default_value = false)]
    pub struct UnavailableHour {
        pub resident_id: i64,
        /// 1 (Monday) to 7.
        pub weekday: i64,
        pub from_minute: i64,
        pub to_minute: i64,
    }

    rows::hours_of_spans!(UnavailableHour, resident_id);
    rows::child_list!(
        resident_unavailable_hours,
        resident_id,
        UnavailableHour,
        Label { zh: "不能上班时段", en: "unavailable hours" }
    );
}

pub mod wishes {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::resident_wishes;
    use crate::domain::codes::WishKind;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = resident_wishes, treat_none_as_default_value = false)]
    pub struct Wish {
        pub resident_id: i64,
        pub kind: WishKind,
        /// A code of the kind's list (channel, region, shift), else a name as written.
        pub value: String,
    }

    rows::child_list!(resident_wishes, resident_id, Wish, Label { zh: "意向", en: "wish" });
}

/// Conditions a person ruled out; no reason is stored.
pub mod ruled_out {
    use diesel::prelude::*;

    use crate::db::connection::AnyConnection;
    use crate::db::error::{DbResult, Meaning};
    use crate::db::rows;
    use crate::db::schema::resident_ruled_out;
    use crate::domain::codes::RuledOut;
    use crate::domain::text::Label;

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = resident_ruled_out, treat_none_as_default_value = false)]
    pub struct RuledOutCondition {
        pub resident_id: i64,
        pub kind: RuledOut,
    }

    rows::child_list!(
        resident_ruled_out,
        resident_id,
        RuledOutCondition,
        Label { zh: "不接受条件", en: "ruled-out condition" }
    );
}
