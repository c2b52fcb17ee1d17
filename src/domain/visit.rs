//! A visit of a household: how it stands, what it finds, what follows from it.

use chrono::{Datelike, Days, NaiveDate};

use super::codes::code_list;

code_list! {
    VisitStatus {
        Planned = "planned", "已计划", "planned";
        Done = "done", "已走访", "done";
        Cancelled = "cancelled", "已取消", "cancelled";
    }
}

code_list! {
    /// How the household was met, or is to be.
    VisitChannel {
        Door = "door", "上门", "at the door";
        Phone = "phone", "电话", "by phone";
        Message = "message", "短信或微信", "by message";
        Office = "office", "来服务站", "at the office";
        Other = "other", "其他方式", "otherwise";
    }
}

code_list! {
    /// What a visit found. It changes no record by itself.
    VisitFinding {
        Willing = "willing", "有就业意愿", "willing to work";
        Unwilling = "unwilling", "暂无就业意愿", "not willing at present";
        WorksAlready = "works_already", "已就业", "works already";
        /// Nobody was met.
        NotAtHome = "not_at_home", "无人在家或未联系上", "nobody at home";
        BarrierFound = "barrier_found", "发现就业困难", "a barrier was found";
        WantsTraining = "wants_training", "想参加培训", "wants training";
        JobInDanger = "job_in_danger", "工作可能保不住", "a job is in danger";
        FamilyChanged = "family_changed", "家庭情况有变化", "the family has changed";
        /// Neighbours or the door say so: nobody was met.
        MovedAway = "moved_away", "已搬离", "moved away";
        NothingNew = "nothing_new", "情况无变化", "nothing new";
        Other = "other", "其他情况", "something else";
    }
}

code_list! {
    /// What is to be done after a visit, by a day.
    NextStep {
        Revisit = "revisit", "再次走访", "visit again";
        Call = "call", "电话联系", "call";
        ProposeJob = "propose_job", "推荐岗位", "propose a job";
        Guidance = "guidance", "职业指导", "guidance";
        Training = "training", "推荐培训", "offer training";
        SolveBarrier = "solve_barrier", "协调解决困难", "help with the barrier";
        ReferService = "refer_service", "转介服务窗口", "send to a service window";
        UpdateRecords = "update_records", "更新台账", "bring the records up to date";
        Other = "other", "其他", "something else";
    }
}

impl NextStep {
    /// Whether meeting the household again is all of it.
    #[must_use]
    pub const fn is_meeting(self) -> bool {
        matches!(self, Self::Revisit | Self::Call)
    }
}

/// Whether somebody was met.
#[must_use]
pub fn is_met(findings: &[VisitFinding]) -> bool {
    findings.iter().any(|finding| !matches!(finding, VisitFinding::NotAtHome | VisitFinding::MovedAway))
}

/// Whether the findings can be true together: where nobody was met, nothing else is found but that they moved away.
#[must_use]
pub fn agree(findings: &[VisitFinding]) -> bool {
    !findings.contains(&VisitFinding::NotAtHome) || !is_met(findings)
}

/// The Monday of a day's week: weeks go from Monday to Sunday.
#[must_use]
pub fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(NaiveDate::MIN)
}

/// The Sunday of a week that begins on this Monday.
#[must_use]
pub fn sunday(monday: NaiveDate) -> NaiveDate {
    monday.checked_add_days(Days::new(6)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::VisitFinding::{MovedAway, NotAtHome, NothingNew, Willing};
    use super::*;

    #[test]
    fn nobody_at_home_says_nothing_else() {
        for (findings, met, together) in [
            (vec![NotAtHome], false, true),
            (vec![NotAtHome, MovedAway], false, true),
            (vec![MovedAway], false, true),
            (vec![Willing], true, true),
            (vec![Willing, NothingNew], true, true),
            (vec![NotAtHome, Willing], true, false),
        ] {
            assert_eq!((is_met(&findings), agree(&findings)), (met, together), "{findings:?}");
        }
    }

    #[test]
    fn a_week_is_monday_to_sunday() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (any, first, last) in [
            ("2026-11-23", "2026-11-23", "2026-11-29"),
            ("2026-11-29", "2026-11-23", "2026-11-29"),
            ("2026-11-30", "2026-11-30", "2026-12-06"),
            ("2027-01-01", "2026-12-28", "2027-01-03"),
        ] {
            assert_eq!((monday(day(any)), sunday(monday(day(any)))), (day(first), day(last)));
        }
    }
}
