//! Which skills does the service know out of the box? The vocabulary of a micro-factory park, of the jobs outside the province
//! and of the village work people come from, as tables, one file for each field of work.
//!
//! Written for this project from the words of the trades. Occupation codes are those of the national classification
//! (2022 edition); a skill without a code has no single occupation there. Invariants, kept by tests: codes are unique, and no
//! two of all names and aliases are equal once normalised. Cost: constants; the joined slice is made once.

use std::sync::LazyLock;

mod care;
mod catering;
mod construction;
mod electronics;
mod factory;
mod farming;
mod garments;
mod handicraft;
mod leather_wood;
mod links;
mod logistics;
mod metal;
mod office;
mod security;
mod trade;

pub use links::{BuiltinLink, builtin_links};

/// A skill that ships with the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltinSkill {
    /// Stable, snake case. Never reused for another meaning.
    pub code: &'static str,
    /// One of [`CATEGORIES`].
    pub category: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// Official occupation that comes nearest (classification of 2022), e.g. `6-05-01-03`.
    pub occupation_code: Option<&'static str>,
    /// Other names met in ledgers and advertisements, common miswritings too; `zh` and `en` are not repeated.
    pub aliases: &'static [&'static str],
}

impl BuiltinSkill {
    /// Every name the skill goes by: Chinese, English, then the aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.zh, self.en].into_iter().chain(self.aliases.iter().copied())
    }
}

/// Code and names of each field of work.
pub const CATEGORIES: &[(&str, Label)] = &[
    ("garments", Label { zh: "服装", en: "Garments" }),
    ("handicraft", Label { zh: "民族手工艺", en: "Handicraft" }),
    ("electronics", Label { zh: "电子", en: "Electronics" }),
    ("factory", Label { zh: "工厂生产", en: "Factory work" }),
    ("shoes_bags_toys", Label { zh: "鞋包玩具", en: "Shoes, bags and toys" }),
    ("wood_furniture", Label { zh: "木材家具", en: "Wood and furniture" }),
    ("catering", Label { zh: "餐饮住宿", en: "Catering and hotels" }),
    ("food_processing", Label { zh: "食品加工", en: "Food processing" }),
    ("care", Label { zh: "护理家政", en: "Care and domestic work" }),
    ("cleaning", Label { zh: "保洁环卫", en: "Cleaning" }),
    ("security_property", Label { zh: "安保物业", en: "Security and property" }),
    ("construction", Label { zh: "建筑", en: "Construction" }),
    ("metal_electric", Label { zh: "机械电气与修理", en: "Metal, electrical and repair" }),
    ("logistics", Label { zh: "驾驶物流仓储", en: "Driving, logistics and warehouses" }),
    ("retail", Label { zh: "商贸销售", en: "Retail and sales" }),
    ("ecommerce", Label { zh: "电商新媒体", en: "E-commerce and media" }),
    ("office_data", Label { zh: "办公与数据", en: "Office and data" }),
    ("education", Label { zh: "教育托幼", en: "Education and childcare" }),
    ("beauty_leisure", Label { zh: "美容休闲", en: "Beauty and leisure" }),
    ("farming", Label { zh: "农林牧渔", en: "Farming, forestry and fishery" }),
];

/// All built-in skills in a fixed order. New ones go to the end of their field.
#[must_use]
pub fn builtin_skills() -> &'static [BuiltinSkill] {
    static ALL: LazyLock<Vec<BuiltinSkill>> = LazyLock::new(|| {
        [
            garments::SKILLS,
            handicraft::SKILLS,
            electronics::SKILLS,
            factory::SKILLS,
            leather_wood::SKILLS,
            leather_wood::wood::SKILLS,
            catering::SKILLS,
            catering::processing::SKILLS,
            care::SKILLS,
            care::cleaning::SKILLS,
            security::SKILLS,
            construction::SKILLS,
            metal::SKILLS,
            logistics::SKILLS,
            trade::SKILLS,
            trade::ecommerce::SKILLS,
            office::SKILLS,
            office::education::SKILLS,
            office::beauty::SKILLS,
            farming::SKILLS,
        ]
        .concat()
    });
    &ALL
}

/// A table of skills of one category: `code "中文" "English" "occupation code" or - ["alias" "alias"]`.
macro_rules! skills {
    ($category:literal; $($code:ident $zh:literal $en:literal $occupation:tt [$($alias:literal)*])*) => {
        pub(in crate::engine::vocabulary::data) const SKILLS: &[BuiltinSkill] = &[$(BuiltinSkill {
            code: stringify!($code),
            category: $category,
            zh: $zh,
            en: $en,
            occupation_code: skills!(@occupation $occupation),
            aliases: &[$($alias),*],
        }),*];
    };
    (@occupation -) => { None };
    (@occupation $code:literal) => { Some($code) };
}
use skills;

use crate::domain::text::Label;
