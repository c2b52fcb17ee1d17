//! What an employer says of a post, as it is sent and answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::ApiError;
use super::scalars::{
    Age, Channel, Code, Day, Days, Fen, Hazard, Headcount, HourSpan, Id, Importance, Kilograms, LiftsPerHour, Line,
    Minutes, Months, Paragraph, PayKind, PhysicalGrade, PostingStatus, Region, Shift, SkillLevel, show_spans, spans,
};
use crate::app::postings::{self as app, PostingFields};

/// A skill the post asks for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedSkill {
    /// As people write it.
    pub name: Line,
    pub importance: Importance,
    pub level: SkillLevel,
}

/// A hazard of the post.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostingHazard {
    pub kind: Hazard,
    /// Grade 1 to 4; null = not graded.
    #[serde(default)]
    pub grade: Option<PhysicalGrade>,
}

macro_rules! terms {
    ($($(#[$doc:meta])* $field:ident: $kind:ident $type:ty,)+) => {
        /// What an employer says of a post; null = not said.
        #[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct PostingWrite {
            pub employer_id: Id,
            pub title: Line,
            pub channel: Channel,
            /// All places, filled ones included.
            pub headcount: Headcount,
            /// First day on which it is open.
            pub valid_from: Day,
            $($(#[$doc])* #[serde(default)] pub $field: $type,)+
            /// Whether the age range may be relaxed.
            #[serde(default)]
            #[schema(example = false)]
            pub age_is_soft: bool,
            /// null = nobody has said; empty = none.
            #[serde(default)]
            #[schema(max_items = 20)]
            pub hazards: Option<Vec<PostingHazard>>,
            /// Working hours; empty = not said.
            #[serde(default)]
            #[schema(max_items = 50)]
            pub hours: Vec<HourSpan>,
            #[serde(default)]
            #[schema(max_items = 50)]
            pub skills: Vec<AskedSkill>,
            /// Licences the law or the work needs.
            #[serde(default)]
            #[schema(max_items = 50)]
            pub certificates: Vec<Line>,
        }

        /// A posting.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct Posting {
            pub id: Id,
            pub status: PostingStatus,
            /// Places held by jobs today; counted, never set.
            #[schema(example = 8)]
            pub filled: i64,
            /// Places free.
            #[schema(example = 12)]
            pub vacancies: i64,
            /// Day on which the employer last said that it stands.
            pub confirmed_on: Option<Day>,
            pub employer_id: Id,
            pub title: Line,
            pub channel: Channel,
            /// All places, filled ones included.
            pub headcount: Headcount,
            /// First day on which it is open.
            pub valid_from: Day,
            $($(#[$doc])* pub $field: $type,)+
            /// Whether the age range may be relaxed.
            pub age_is_soft: bool,
            /// null = nobody has said; empty = none.
            pub hazards: Option<Vec<PostingHazard>>,
            /// Working hours; empty = not said.
            pub hours: Vec<HourSpan>,
            pub skills: Vec<AskedSkill>,
            /// Licences the law or the work needs.
            pub certificates: Vec<Line>,
        }

        impl From<PostingFields> for PostingWrite {
            fn from(fields: PostingFields) -> Self {
                let skill = |skill: app::AskedSkill| AskedSkill {
                    name: Line(skill.name),
                    importance: Importance(skill.importance),
                    level: SkillLevel(skill.level),
                };
                let hazard = |(kind, grade)| PostingHazard { kind: Hazard(kind), grade: Option::map(grade, PhysicalGrade) };
                Self {
                    employer_id: Id(fields.employer_id),
                    title: Line(fields.title),
                    channel: Channel(fields.channel),
                    headcount: Headcount(fields.headcount),
                    valid_from: Day(fields.valid_from),
                    $($field: terms!(@show $kind fields.$field),)+
                    age_is_soft: fields.age_is_soft,
                    hazards: fields.hazards.map(|list| list.into_iter().map(hazard).collect()),
                    hours: show_spans(&fields.hours),
                    skills: fields.skills.into_iter().map(skill).collect(),
                    certificates: fields.certificates.into_iter().map(Line).collect(),
                }
            }
        }

        impl PostingWrite {
            /// # Errors
            /// 422 for hours that do not start before they end.
            pub fn fields(self) -> Result<PostingFields, ApiError> {
                let skill = |skill: AskedSkill| app::AskedSkill {
                    name: skill.name.0,
                    skill_id: None,
                    importance: skill.importance.0,
                    level: skill.level.0,
                };
                let hazard = |hazard: PostingHazard| (hazard.kind.0, hazard.grade.map(|grade| grade.0));
                Ok(PostingFields {
                    employer_id: self.employer_id.0,
                    title: self.title.0,
                    channel: self.channel.0,
                    headcount: self.headcount.0,
                    valid_from: self.valid_from.0,
                    $($field: terms!(@read $kind self.$field),)+
                    age_is_soft: self.age_is_soft,
                    hazards: self.hazards.map(|list| list.into_iter().map(hazard).collect()),
                    hours: spans(&self.hours, "/hours")?,
                    skills: self.skills.into_iter().map(skill).collect(),
                    certificates: self.certificates.into_iter().map(|name| name.0).collect(),
                })
            }
        }

        impl From<app::Posting> for Posting {
            fn from(posting: app::Posting) -> Self {
                let write = PostingWrite::from(posting.fields);
                Self {
                    id: Id(posting.id),
                    status: PostingStatus(posting.status),
                    filled: posting.filled,
                    vacancies: posting.vacancies,
                    confirmed_on: posting.confirmed_on.map(Day),
                    employer_id: write.employer_id,
                    title: write.title,
                    channel: write.channel,
                    headcount: write.headcount,
                    valid_from: write.valid_from,
                    $($field: write.$field,)+
                    age_is_soft: write.age_is_soft,
                    hazards: write.hazards,
                    hours: write.hours,
                    skills: write.skills,
                    certificates: write.certificates,
                }
            }
        }
    };
    (@show plain $value:expr) => { $value };
    (@read plain $value:expr) => { $value };
    (@show wrapped $value:expr) => { $value.map(Into::into) };
    (@read wrapped $value:expr) => { $value.map(|value| value.0) };
}

terms! {
    /// The employer's own code, unique.
    code: wrapped Option<Code>,
    description: wrapped Option<Paragraph>,
    /// Needed where pay is given.
    pay_kind: wrapped Option<PayKind>,
    /// Least pay, in fen per unit of `pay_kind`.
    pay_min_fen: wrapped Option<Fen>,
    /// Most pay, in fen per unit of `pay_kind`.
    pay_max_fen: wrapped Option<Fen>,
    shift: wrapped Option<Shift>,
    #[schema(example = false)]
    night_work: plain Option<bool>,
    #[schema(example = false)]
    overtime: plain Option<bool>,
    physical_grade: wrapped Option<PhysicalGrade>,
    /// Heaviest load one person carries.
    load_kg: wrapped Option<Kilograms>,
    lifts_per_hour: wrapped Option<LiftsPerHour>,
    /// Line work with forced posture and more than 50 movements a minute.
    #[schema(example = false)]
    forced_posture: plain Option<bool>,
    #[schema(example = false)]
    underground_mine: plain Option<bool>,
    /// Youngest age asked for; never below 16.
    age_min: wrapped Option<Age>,
    age_max: wrapped Option<Age>,
    /// Experience asked for.
    experience_months: wrapped Option<Months>,
    /// Training the employer gives.
    training_days: wrapped Option<Days>,
    /// `园区` is the park, `居家` is at home.
    place: wrapped Option<Line>,
    province: wrapped Option<Line>,
    region: wrapped Option<Region>,
    /// One way from the community, where the place is neither the park nor the home.
    commute_minutes: wrapped Option<Minutes>,
    /// Number of the approval of special working hours.
    special_hours_approval: wrapped Option<Line>,
    /// First day of work.
    start_on: wrapped Option<Day>,
    /// Last day on which it is open.
    valid_until: wrapped Option<Day>,
    /// Kept encrypted; null in lists.
    note: wrapped Option<Paragraph>,
}
