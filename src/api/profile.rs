//! The profile of a resident: what is known of a person's ability, wishes and limits for work.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::merge_patch;
use super::scalars::{
    Absence, Day, Education, Health, Kilograms, LabourClass, Line, Minutes, Months, PhysicalGrade, RetirementGroup,
    SchoolStatus, YuanAMonth,
};
use crate::app::residents as app;

macro_rules! profile {
    ($($(#[$doc:meta])* $field:ident: $kind:ident $type:ty,)+) => {
        /// What is known of a person; null = unknown.
        #[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Profile { $($(#[$doc])* pub $field: $type,)+ }

        impl From<app::Profile> for Profile {
            fn from(profile: app::Profile) -> Self {
                Self { $($field: profile!(@show $kind profile.$field),)+ }
            }
        }

        impl From<Profile> for app::Profile {
            fn from(profile: Profile) -> Self {
                Self { $($field: profile!(@read $kind profile.$field),)+ }
            }
        }
    };
    (@show plain $value:expr) => { $value };
    (@read plain $value:expr) => { $value };
    (@show wrapped $value:expr) => { $value.map(Into::into) };
    (@read wrapped $value:expr) => { $value.map(|value| value.0) };
}

profile! {
    /// Ethnicity as on the ID card.
    ethnicity: wrapped Option<Line>,
    education: wrapped Option<Education>,
    health: wrapped Option<Health>,
    labour_class: wrapped Option<LabourClass>,
    /// Day on which the class was recorded.
    labour_class_on: wrapped Option<Day>,
    school_status: wrapped Option<SchoolStatus>,
    absence: wrapped Option<Absence>,
    died_on: wrapped Option<Day>,
    /// Whether the person wants work.
    #[schema(example = true)]
    willing: plain Option<bool>,
    /// Whether the person wants training.
    #[schema(example = true)]
    willing_to_train: plain Option<bool>,
    /// Has a job and looks for another.
    #[schema(example = false)]
    seeking_change: plain bool,
    retirement_group: wrapped Option<RetirementGroup>,
    /// Heaviest physical grade the person can take on.
    max_physical_grade: wrapped Option<PhysicalGrade>,
    /// Heaviest load the person can carry.
    max_load_kg: wrapped Option<Kilograms>,
    /// Cannot do line work with forced posture.
    #[schema(example = false)]
    no_forced_posture: plain Option<bool>,
    /// Longest acceptable way to work, one way.
    max_minutes: wrapped Option<Minutes>,
    /// Pay hoped for.
    expected_pay: wrapped Option<YuanAMonth>,
    /// Pay below which no post is wanted.
    pay_floor: wrapped Option<YuanAMonth>,
    /// Last valid day of the occupational health check.
    hazard_check_until: wrapped Option<Day>,
    /// Months spent in public-welfare posts.
    public_welfare_months: wrapped Option<Months>,
    /// Wants no automated recommendation.
    #[schema(example = false)]
    no_automated_recommendation: plain bool,
    /// Personal data may only be stored, not used.
    #[schema(example = false)]
    restricted: plain bool,
}

merge_patch!(ProfilePatch, Profile);
