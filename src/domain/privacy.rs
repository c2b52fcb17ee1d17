//! Privacy: code lists of purposes, legal bases, consents, introductions, approvals, and what a person's word is worth.
//!
//! Invariant: the last word counts. A refusal or a withdrawal stops what it is about whatever the legal basis; a consent that ran
//! out is silence, not a refusal.

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::codes::code_list;

code_list! {
    /// What personal data is used for (PIPL 13: each purpose needs a legal basis).
    Purpose {
        EmploymentService = "employment_service", "就业帮扶与岗位匹配", "employment service and matching";
        SensitiveData = "sensitive_data", "健康与劳动能力信息的使用", "use of health and work capacity";
        Introduction = "introduction", "向用人单位介绍", "introduction to an employer";
    }
}

code_list! {
    LegalBasis {
        Consent = "consent", "本人同意", "consent";
        StatutoryDuty = "statutory_duty", "法定职责", "statutory duty";
    }
}

code_list! {
    ConsentDecision {
        Given = "given", "同意", "given";
        Refused = "refused", "不同意", "refused";
    }
}

code_list! {
    ConsentForm {
        Written = "written", "书面", "in writing";
        Spoken = "spoken", "口头（有见证人）", "by voice, before a witness";
        Guardian = "guardian", "监护人代为", "by a guardian";
    }
}

code_list! {
    /// Kinds of personal data a consent names.
    DataKind {
        Name = "name", "姓名", "name";
        Phone = "phone", "电话", "phone";
        Skills = "skills", "技能", "skills";
        Experience = "experience", "工作经历", "experience";
        Health = "health", "健康状况", "health";
        WorkCapacity = "work_capacity", "劳动能力", "work capacity";
        Household = "household", "家庭情况", "household";
    }
}

code_list! {
    IntroductionStatus {
        Requested = "requested", "待征求同意", "requested";
        Consented = "consented", "本人同意", "consented";
        Refused = "refused", "本人不同意", "refused";
        Closed = "closed", "已结束", "closed";
    }
}

code_list! {
    ApprovalAction {
        DeleteResident = "delete_resident", "删除居民", "delete a resident";
    }
}

code_list! {
    ApprovalStatus {
        Requested = "requested", "待批准", "requested";
        Approved = "approved", "已批准", "approved";
        Refused = "refused", "未批准", "refused";
    }
}

/// One recorded word of a person about one purpose (and one recipient).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub decision: ConsentDecision,
    /// The day it was given, or withdrawn.
    pub said_on: NaiveDate,
    /// When the service learned of it: orders the words of one day.
    pub recorded_at: NaiveDateTime,
    /// Last day of a consent that was given for a time.
    pub valid_until: Option<NaiveDate>,
    pub withdrawn: bool,
}

/// Where a person stands on a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was said, or what was said has run out.
    Silent,
    Given,
    /// Refused or withdrawn.
    Refused,
}

/// The last word on a day. A paper from before a withdrawal does not undo it, however late it is entered.
#[must_use]
pub fn standing<'a>(words: impl IntoIterator<Item = &'a Word>, on: NaiveDate) -> Standing {
    match words.into_iter().max_by_key(|word| (word.said_on, word.recorded_at)) {
        None => Standing::Silent,
        Some(word) if word.withdrawn || word.decision == ConsentDecision::Refused => Standing::Refused,
        Some(word) if word.valid_until.is_some_and(|last| last < on) => Standing::Silent,
        Some(_) => Standing::Given,
    }
}

/// Whether a purpose may be served for a person (PIPL 13, 15): without a basis never, against the person's word never, and
/// where consent is the basis only with it.
#[must_use]
pub const fn is_allowed(basis: Option<LegalBasis>, standing: Standing) -> bool {
    match (basis, standing) {
        (None, _) | (_, Standing::Refused) => false,
        (Some(LegalBasis::Consent), standing) => matches!(standing, Standing::Given),
        (Some(LegalBasis::StatutoryDuty), _) => true,
    }
}

/// Below this age the guardian speaks (PIPL 31).
pub const GUARDIAN_AGE: i32 = 14;

impl DataKind {
    /// Whether a consent to a purpose may name this kind. Health and work capacity are agreed to apart from everything else
    /// (PIPL 29), and no employer is told of them or of the household.
    #[must_use]
    pub const fn serves(self, purpose: Purpose) -> bool {
        let is_sensitive = matches!(self, Self::Health | Self::WorkCapacity);
        match purpose {
            Purpose::EmploymentService => !is_sensitive,
            Purpose::SensitiveData => is_sensitive,
            Purpose::Introduction => matches!(self, Self::Name | Self::Phone | Self::Skills | Self::Experience),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(day: u32, decision: ConsentDecision, withdrawn: bool, until: Option<u32>) -> Word {
        let on = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        Word {
            decision,
            said_on: on(day),
            recorded_at: on(day).and_hms_opt(8, 0, 0).unwrap(),
            valid_until: until.map(on),
            withdrawn,
        }
    }

    #[test]
    fn the_last_word_counts() {
        use ConsentDecision::{Given, Refused};
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let of = |words: &[Word]| standing(words, today);
        assert_eq!(of(&[]), Standing::Silent);
        assert_eq!(of(&[word(1, Given, false, None)]), Standing::Given);
        assert_eq!(of(&[word(1, Given, false, Some(22))]), Standing::Silent, "it ran out yesterday");
        assert_eq!(of(&[word(1, Given, false, Some(23))]), Standing::Given, "its last day is today");
        assert_eq!(of(&[word(1, Given, true, None)]), Standing::Refused);
        assert_eq!(of(&[word(1, Given, false, None), word(2, Refused, false, None)]), Standing::Refused);
        assert_eq!(of(&[word(2, Given, false, None), word(1, Refused, false, None)]), Standing::Given);
        assert_eq!(of(&[word(5, Given, true, None), word(4, Given, false, None)]), Standing::Refused);
    }

    #[test]
    fn a_refusal_stops_what_no_basis_would_allow_either() {
        for standing in [Standing::Silent, Standing::Given, Standing::Refused] {
            assert!(!is_allowed(None, standing));
            assert_eq!(is_allowed(Some(LegalBasis::Consent), standing), standing == Standing::Given);
            assert_eq!(is_allowed(Some(LegalBasis::StatutoryDuty), standing), standing != Standing::Refused);
        }
    }
}
