//! The vocabulary: skills, their aliases and links, and the names nobody has mapped yet.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::again::Again;
use super::connection::{AnyConnection, Both};
use super::error::{DbResult, Meaning};
use super::rows::{self, Page, Stored, Versioned};
use super::schema::{posting_skills, resident_skills, skill_aliases, skill_links, skills, unmapped_names};
use crate::domain::codes::SkillLinkKind;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "技能", en: "skill" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = skills, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct SkillData {
    /// Unique.
    pub code: String,
    pub category: String,
    pub name_zh: String,
    pub name_en: String,
    pub occupation_code: Option<String>,
}

pub type SkillRow = Versioned<SkillData>;

rows::versioned!(skills, SkillData, WHAT);
rows::versioned_writes!(skills, SkillData, WHAT);
rows::versioned_delete!(skills, WHAT);

pub fn by_code(conn: &mut AnyConnection, code: &str) -> DbResult<Option<SkillRow>> {
    Ok(skills::table
        .filter(skills::code.eq(code))
        .select((skills::id, skills::version, SkillData::as_select()))
        .first(conn)
        .optional()?)
}

/// A page of skills by id, of one category or of all.
pub fn page(conn: &mut AnyConnection, category: Option<&str>, page: Page) -> DbResult<Vec<SkillRow>> {
    let mut query = skills::table.into_boxed();
    if let Some(category) = category {
        query = query.filter(skills::category.eq(category));
    }
    Ok(query
        .filter(skills::id.gt(page.after))
        .order(skills::id)
        .limit(page.limit)
        .select((skills::id, skills::version, SkillData::as_select()))
        .load(conn)?)
}

#[derive(QueryableByName)]
struct Mark {
    #[diesel(sql_type = Text)]
    mark: String,
}

/// What the skills, names, links and classification are known by: equal marks, equal rows, in any database and after a rollback.
/// Triggers set another one with each change. Cost: one row.
pub fn mark(conn: &mut AnyConnection) -> DbResult<String> {
    Ok(Again(diesel::sql_query("SELECT mark FROM __vocabulary")).get_result::<Mark>(conn)?.mark)
}

/// Other names of a skill.
pub mod aliases {
    use super::*;

    const WHAT: Label = Label { zh: "技能别名", en: "alias" };

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = skill_aliases, treat_none_as_default_value = false)]
    pub struct AliasData {
        pub skill_id: i64,
        pub alias: String,
        /// Unique: one name means one skill.
        pub normalised: String,
    }

    rows::stored!(skill_aliases, AliasData, WHAT);

    pub fn of_skill(conn: &mut AnyConnection, skill: i64) -> DbResult<Vec<Stored<AliasData>>> {
        Ok(skill_aliases::table
            .filter(skill_aliases::skill_id.eq(skill))
            .select((skill_aliases::id, AliasData::as_select()))
            .order(skill_aliases::id)
            .load(conn)?)
    }

    pub fn by_normalised(conn: &mut AnyConnection, normalised: &str) -> DbResult<Option<Stored<AliasData>>> {
        Ok(skill_aliases::table
            .filter(skill_aliases::normalised.eq(normalised))
            .select((skill_aliases::id, AliasData::as_select()))
            .first(conn)
            .optional()?)
    }
}

/// How skills stand to one another.
pub mod links {
    use super::*;

    const WHAT: Label = Label { zh: "技能关系", en: "skill link" };

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = skill_links, treat_none_as_default_value = false)]
    pub struct LinkData {
        pub from_skill_id: i64,
        pub to_skill_id: i64,
        pub kind: SkillLinkKind,
        /// 0..=10000.
        pub points: i64,
    }

    rows::stored!(skill_links, LinkData, WHAT);
}

/// Names no alias knows, for a counselor to map once.
pub mod unmapped {
    use super::*;

    const WHAT: Label = Label { zh: "未识别技能名称", en: "unmapped name" };

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = unmapped_names)]
    pub struct UnmappedName {
        pub id: i64,
        pub name: String,
        pub normalised: String,
        pub times_seen: i64,
        pub first_seen_at: NaiveDateTime,
        /// Since when it is not asked about any more.
        pub ignored_at: Option<NaiveDateTime>,
    }

    /// Counts a name as seen so many more times.
    pub fn note(
        conn: &mut AnyConnection,
        name: &str,
        normalised: &str,
        times: i64,
        now: NaiveDateTime,
    ) -> DbResult<()> {
        Both(
            diesel::insert_into(unmapped_names::table)
                .values((
                    unmapped_names::name.eq(name),
                    unmapped_names::normalised.eq(normalised),
                    unmapped_names::times_seen.eq(times),
                    unmapped_names::first_seen_at.eq(now),
                ))
                .on_conflict(unmapped_names::normalised)
                .do_update()
                .set(unmapped_names::times_seen.eq(unmapped_names::times_seen + times)),
        )
        .execute(conn)?;
        Ok(())
    }

    pub fn get(conn: &mut AnyConnection, id: i64) -> DbResult<UnmappedName> {
        unmapped_names::table.find(id).select(UnmappedName::as_select()).first(conn).or_not_found(WHAT)
    }

    /// Says that a name means no skill, or with `None` that it is to be asked about again.
    pub fn set_ignored(conn: &mut AnyConnection, id: i64, ignored_at: Option<NaiveDateTime>) -> DbResult<()> {
        get(conn, id)?;
        diesel::update(unmapped_names::table.find(id)).set(unmapped_names::ignored_at.eq(ignored_at)).execute(conn)?;
        Ok(())
    }

    /// The names that are ignored, by id.
    pub fn ignored(conn: &mut AnyConnection) -> DbResult<Vec<UnmappedName>> {
        Ok(unmapped_names::table
            .filter(unmapped_names::ignored_at.is_not_null())
            .order(unmapped_names::id)
            .select(UnmappedName::as_select())
            .load(conn)?)
    }

    /// The names that wait, by id.
    pub fn page(conn: &mut AnyConnection, page: Page) -> DbResult<Vec<UnmappedName>> {
        Ok(unmapped_names::table
            .filter(unmapped_names::ignored_at.is_null())
            .filter(unmapped_names::id.gt(page.after))
            .order(unmapped_names::id)
            .limit(page.limit)
            .select(UnmappedName::as_select())
            .load(conn)?)
    }

    /// Gives a name its meaning wherever it was written without one, and takes it off the list. The alias itself is the
    /// caller's to insert. Answers how many skills of residents and of postings were mapped.
    pub fn map(conn: &mut AnyConnection, normalised: &str, skill: i64) -> DbResult<(usize, usize)> {
        let residents = diesel::update(resident_skills::table)
            .filter(resident_skills::normalised.eq(normalised))
            .filter(resident_skills::skill_id.is_null())
            .set(resident_skills::skill_id.eq(skill))
            .execute(conn)
            .or_conflict(super::WHAT)?;
        let postings = diesel::update(posting_skills::table)
            .filter(posting_skills::normalised.eq(normalised))
            .filter(posting_skills::skill_id.is_null())
            .set(posting_skills::skill_id.eq(skill))
            .execute(conn)
            .or_conflict(super::WHAT)?;
        diesel::delete(unmapped_names::table.filter(unmapped_names::normalised.eq(normalised))).execute(conn)?;
        Ok((residents, postings))
    }
}
