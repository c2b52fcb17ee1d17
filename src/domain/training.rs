//! Courses and those who take them: what may follow what, and why somebody does not come to the end.
//!
//! Invariant: [`follows`] is the only list of what may follow what. Whoever is in a course to the end holds a seat of it; whoever
//! leaves gives the seat back. A reason is a code that [`EnrolmentReason::serves`] the state it leads to.

use crate::domain::codes::code_list;
use EnrolmentState::*;

code_list! {
    CourseStatus {
        /// Nobody can enrol yet.
        Planned = "planned", "筹备中", "planned";
        Open = "open", "报名中", "open";
        /// Nobody more can enrol; it goes on.
        Closed = "closed", "报名截止", "closed";
        Cancelled = "cancelled", "已取消", "cancelled";
    }
}

impl CourseStatus {
    /// Whether the one may follow the other. A cancelled course stays so.
    #[must_use]
    pub const fn may_become(self, to: Self) -> bool {
        use CourseStatus::{Cancelled, Closed, Open, Planned};
        matches!((self, to), (Planned | Closed, Open) | (Open, Closed) | (Planned | Open | Closed, Cancelled))
    }
}

code_list! {
    /// Where somebody stands in a course.
    EnrolmentState {
        Enrolled = "enrolled", "已报名", "enrolled";
        /// Came at least once.
        Attended = "attended", "在培", "attending";
        Passed = "passed", "考核合格", "passed";
        Failed = "failed", "考核不合格", "failed";
        DroppedOut = "dropped_out", "中途退出", "dropped out";
        /// The course does not take place.
        Cancelled = "cancelled", "课程取消", "course cancelled";
    }
}

impl EnrolmentState {
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Enrolled | Attended)
    }

    /// Has a seat of the course, or had it to the end.
    #[must_use]
    pub const fn holds_seat(self) -> bool {
        matches!(self, Enrolled | Attended | Passed | Failed)
    }
}

/// Whether a step may be taken by a person; `cancelled` comes with the course, `attended` with the first day that is recorded, or when a
/// result is taken back.
#[must_use]
pub const fn follows(from: EnrolmentState, to: EnrolmentState) -> bool {
    matches!((from, to), (Attended, Passed | Failed) | (Enrolled | Attended, DroppedOut)) || takes_back(from, to)
}

/// Whether the step takes a result back that was entered by mistake.
#[must_use]
pub const fn takes_back(from: EnrolmentState, to: EnrolmentState) -> bool {
    matches!((from, to), (Passed | Failed, Attended))
}

code_list! {
    /// Why somebody did not pass a course.
    EnrolmentReason {
        FoundWork = "found_work", "已找到工作", "found work";
        ChildCare = "child_care", "要照看孩子", "a child to look after";
        ElderCare = "elder_care", "要照护老人或病人", "an elder or patient to look after";
        Health = "health", "健康原因", "health";
        Hours = "hours", "上课时间不合适", "the hours do not suit";
        Distance = "distance", "路途太远", "too far away";
        Content = "content", "内容不合适", "not what was expected";
        MovedAway = "moved_away", "迁离本地", "moved away";
        NotReached = "not_reached", "联系不上", "could not be reached";
        NeverCame = "never_came", "未到课", "never came";
        AbsentTooOften = "absent_too_often", "缺勤过多", "absent too often";
        TestNotPassed = "test_not_passed", "考核未通过", "test not passed";
        EnteredByMistake = "entered_by_mistake", "录入有误", "entered by mistake";
        DataRestricted = "data_restricted", "本人不再接受服务或信息限制处理", "the person may not be served any more";
        CourseCancelled = "course_cancelled", "课程取消", "the course was cancelled";
        Other = "other", "其他", "other";
    }
}

impl EnrolmentReason {
    /// Whether it can be the reason of a move into a state.
    #[must_use]
    pub const fn serves(self, to: EnrolmentState) -> bool {
        use EnrolmentReason::*;
        match to {
            DroppedOut => matches!(
                self,
                FoundWork
                    | ChildCare
                    | ElderCare
                    | Health
                    | Hours
                    | Distance
                    | Content
                    | MovedAway
                    | NotReached
                    | NeverCame
                    | EnteredByMistake
                    | DataRestricted
                    | Other
            ),
            Failed => matches!(self, AbsentTooOften | TestNotPassed | Other),
            EnrolmentState::Cancelled => matches!(self, CourseCancelled),
            // Back from a result; forward needs none.
            Attended => matches!(self, EnteredByMistake),
            Enrolled | Passed => false,
        }
    }

    /// Given by a rule of the service and by nobody else.
    #[must_use]
    pub const fn is_by_rule(self) -> bool {
        matches!(self, Self::DataRestricted | Self::CourseCancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_an_end_but_taking_a_result_back() {
        for from in EnrolmentState::ALL {
            let goes_on = EnrolmentState::ALL.iter().any(|to| follows(*from, *to) && !takes_back(*from, *to));
            assert_eq!(goes_on, from.is_open(), "{from:?}");
        }
        assert!(!follows(Enrolled, Passed), "nobody passes who never came");
        for to in CourseStatus::ALL {
            assert!(!CourseStatus::Cancelled.may_become(*to));
        }
    }

    #[test]
    fn every_end_but_passing_and_the_way_back_have_reasons_and_every_reason_serves_one() {
        for state in EnrolmentState::ALL {
            let has = EnrolmentReason::ALL.iter().any(|reason| reason.serves(*state));
            assert_eq!(has, !matches!(state, Enrolled | Passed), "{state:?}");
        }
        for reason in EnrolmentReason::ALL {
            assert!(EnrolmentState::ALL.iter().any(|state| reason.serves(*state)), "{reason:?}");
        }
    }
}
