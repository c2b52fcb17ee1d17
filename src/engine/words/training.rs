//! Why somebody should take a seat of a course, in words.

use chrono::NaiveDate;

use super::format::date;
use super::uncovered::PlanNames;
use crate::domain::text::Text;
use crate::engine::input::SkillId;

/// What the person learns, what becomes possible, and that the posting ends before the course does where that is so.
#[must_use]
pub fn seat(
    gains: &[(SkillId, u8)],
    posting: (u32, Option<NaiveDate>),
    course_ends: NaiveDate,
    names: &dyn PlanNames,
) -> Text {
    let skills: Vec<Text> = gains.iter().map(|gain| skill(*gain, names)).collect();
    let join = |texts: Vec<&str>, with: &str| texts.join(with);
    let zh = join(skills.iter().map(|text| text.zh.as_str()).collect(), "、");
    let en = join(skills.iter().map(|text| text.en.as_str()).collect(), ", ");
    let name = names.posting(posting.0);
    let mut text = Text::new(format!("学会{zh}后可做{}", name.zh), format!("with {en}, {} becomes possible", name.en));
    if let Some(last) = posting.1.filter(|last| *last < course_ends) {
        let last = date(last);
        text.zh += &format!("；该岗位有效期至{}，早于结业日，请先与企业商定保留岗位", last.zh);
        text.en += &format!(
            "; the posting is valid until {}, before the course ends: please agree with the employer to keep the place",
            last.en
        );
    }
    text
}

/// A skill up to a level.
#[must_use]
pub fn skill((skill, level): (SkillId, u8), names: &dyn PlanNames) -> Text {
    let name = names.skill(skill);
    Text::new(format!("{}（{level} 级）", name.zh), format!("{} (level {level})", name.en))
}
