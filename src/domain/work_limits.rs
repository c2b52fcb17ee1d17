//! Work the law keeps from minors of 16 and 17 and from women, told from the facts of a posting.
//!
//! Invariant: for minors **what a posting does not say counts as prohibited** (law.md R25); for women only a **stated** fact does
//! (law.md §3). Pure functions over plain values, constant time; the gates of the engine call them.

use super::codes::{Hazard, code_list};
use super::text::Label;

/// The facts of a posting's work. `None` = the posting does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkFacts<'a> {
    pub underground_mine: Option<bool>,
    pub night_work: Option<bool>,
    pub overtime: Option<bool>,
    /// With the grade where one is known; empty = none.
    pub hazards: Option<&'a [(Hazard, Option<u8>)]>,
    /// Grade of physical labour 1..=4.
    pub physical_grade: Option<u8>,
    /// Heaviest load carried by one person.
    pub load_kg: Option<u16>,
    pub lifts_per_hour: Option<u16>,
    /// Line work with forced posture and more than 50 movements a minute.
    pub forced_posture: Option<bool>,
}

/// Loads above this, lifted [`REPEATED_LIFTS`] times an hour or more, are forbidden (女职工特别规定 annex 1; 未成年工规定 art. 3).
pub const REPEATED_LOAD_KG: u16 = 20;
pub const REPEATED_LIFTS: u16 = 6;
/// Loads above this are forbidden even now and then.
pub const HEAVIEST_LOAD_KG: u16 = 25;
/// Grade IV is the heaviest physical labour (GB 3869).
pub const FORBIDDEN_GRADE: u8 = 4;

/// How a load stands against the limits, the same for minors and women.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Load {
    Allowed,
    Repeated,
    Heavy,
    /// The weight, or the number of lifts that would decide, is not stated.
    Unknown,
}

const fn load(work: &WorkFacts<'_>) -> Load {
    match (work.load_kg, work.lifts_per_hour) {
        (None, _) => Load::Unknown,
        (Some(kg), _) if kg > HEAVIEST_LOAD_KG => Load::Heavy,
        (Some(kg), _) if kg <= REPEATED_LOAD_KG => Load::Allowed,
        (Some(_), None) => Load::Unknown,
        (Some(_), Some(lifts)) => {
            if lifts >= REPEATED_LIFTS {
                Load::Repeated
            } else {
                Load::Allowed
            }
        }
    }
}

code_list! {
    /// Why a minor of 16 or 17 may not do the work, in the order the reasons are looked at: what is stated before what is
    /// missing.
    MinorLimit {
        Mine = "mine", "矿山井下", "underground mine";
        Night = "night", "夜班", "night work";
        Overtime = "overtime", "加班", "overtime";
        HazardousWork = "hazard", "职业危害", "hazardous work";
        GradeFour = "grade_four", "第四级体力劳动", "grade IV physical labour";
        RepeatedLoad = "repeated_load", "每小时6次以上、每次超过20公斤的负重", "loads above 20 kg six or more times an hour";
        HeavyLoad = "heavy_load", "超过25公斤的负重", "loads above 25 kg";
        ForcedPosture = "forced_posture", "强迫体位流水线", "line work with forced posture";
        NightUnknown = "night_unknown", "未说明是否夜班", "night work not stated";
        OvertimeUnknown = "overtime_unknown", "未说明是否加班", "overtime not stated";
        HazardsUnknown = "hazards_unknown", "未说明职业危害", "hazards not stated";
        GradeUnknown = "grade_unknown", "未说明体力等级", "physical grade not stated";
        LoadUnknown = "load_unknown", "未说明搬运重量或次数", "load or lifts not stated";
        PostureUnknown = "posture_unknown", "未说明是否强迫体位", "posture not stated";
    }
}

/// The rule behind every [`MinorLimit`].
pub const MINOR_ARTICLE: Label = Label {
    zh: "《劳动法》第六十四条、《未成年工特殊保护规定》第三条、《职业病防治法》第三十八条",
    en: "Labour Law art. 64; Rules on Minor Workers art. 3; Law on Occupational Diseases art. 38",
};

/// The first grade of a hazard that is closed to minors. Noise, radiation and what is not listed are occupational
/// hazards at any grade (职业病防治法 art. 38).
const fn first_forbidden_grade(hazard: Hazard) -> u8 {
    match hazard {
        Hazard::Height | Hazard::ColdWater => 2,
        Hazard::Heat | Hazard::LowTemperature => 3,
        Hazard::Dust | Hazard::Toxic | Hazard::Flammable | Hazard::Noise | Hazard::Radiation | Hazard::Other => 1,
    }
}

/// Whether a hazard of this grade is closed to minors; an unknown grade is.
#[must_use]
pub fn hazard_closed_to_minors(hazard: Hazard, grade: Option<u8>) -> bool {
    grade.is_none_or(|grade| grade >= first_forbidden_grade(hazard))
}

/// The first reason why the work is closed to a minor of 16 or 17; `None` = allowed. A posting that does not mention an
/// underground mine has none: every mine states hazards.
#[must_use]
pub fn minor_prohibition(work: &WorkFacts<'_>) -> Option<MinorLimit> {
    let load = load(work);
    let hazardous =
        |hazards: &[(Hazard, Option<u8>)]| hazards.iter().any(|(kind, grade)| hazard_closed_to_minors(*kind, *grade));
    let reasons = [
        (work.underground_mine == Some(true), MinorLimit::Mine),
        (work.night_work == Some(true), MinorLimit::Night),
        (work.overtime == Some(true), MinorLimit::Overtime),
        (work.hazards.is_some_and(hazardous), MinorLimit::HazardousWork),
        (work.physical_grade.is_some_and(|grade| grade >= FORBIDDEN_GRADE), MinorLimit::GradeFour),
        (load == Load::Repeated, MinorLimit::RepeatedLoad),
        (load == Load::Heavy, MinorLimit::HeavyLoad),
        (work.forced_posture == Some(true), MinorLimit::ForcedPosture),
        (work.night_work.is_none(), MinorLimit::NightUnknown),
        (work.overtime.is_none(), MinorLimit::OvertimeUnknown),
        (work.hazards.is_none(), MinorLimit::HazardsUnknown),
        (work.physical_grade.is_none(), MinorLimit::GradeUnknown),
        (load == Load::Unknown, MinorLimit::LoadUnknown),
        (work.forced_posture.is_none(), MinorLimit::PostureUnknown),
    ];
    reasons.into_iter().find(|(applies, _)| *applies).map(|(_, reason)| reason)
}

code_list! {
    /// Work on the list forbidden to all women (女职工禁忌从事的劳动范围, annex 1).
    WomenLimit {
        Mine = "mine", "矿山井下作业", "underground mine";
        GradeFour = "grade_four", "第四级体力劳动强度", "grade IV physical labour";
        RepeatedLoad = "repeated_load", "每小时负重6次以上、每次超过20公斤", "loads above 20 kg six or more times an hour";
        HeavyLoad = "heavy_load", "间断负重每次超过25公斤", "loads above 25 kg";
    }
}

/// The rule behind every [`WomenLimit`].
pub const WOMEN_ARTICLE: Label = Label {
    zh: "《女职工劳动保护特别规定》附录第一条",
    en: "Special Rules on the Labour Protection of Female Workers, annex, art. 1",
};

/// The stated fact that puts the work on the women's forbidden list; `None` where nothing is proven. This one bit is all
/// the engine sees (gate `law_sex`), and it is the only ground on which a posting may ask for men.
#[must_use]
pub fn forbidden_to_women(work: &WorkFacts<'_>) -> Option<WomenLimit> {
    if work.underground_mine == Some(true) {
        return Some(WomenLimit::Mine);
    }
    if work.physical_grade.is_some_and(|grade| grade >= FORBIDDEN_GRADE) {
        return Some(WomenLimit::GradeFour);
    }
    match load(work) {
        Load::Repeated => Some(WomenLimit::RepeatedLoad),
        Load::Heavy => Some(WomenLimit::HeavyLoad),
        Load::Allowed | Load::Unknown => None,
    }
}
