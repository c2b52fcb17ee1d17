//! Is somebody still in the job one, three and six months after it began?
//!
//! Invariant: what is asked is the latest milestone that has come and was not answered: one answer says what the earlier ones would
//! have. Nothing is asked about a time before the job was on record, nor of a job that has ended.

use chrono::{Days, NaiveDate};

use super::ages::months_later;
use super::codes::code_list;

/// The milestones, in months after the first day.
pub const MONTHS: [u8; 3] = [1, 3, 6];

code_list! {
    /// What the answer was.
    FollowUpOutcome {
        InJob = "in_job", "仍在岗", "still in the job";
        Left = "left", "已离职", "left";
        /// An attempt: the question stays.
        NotReached = "not_reached", "未联系上", "not reached";
    }
}

code_list! {
    FollowUpState {
        Due = "due", "待回访", "due";
        Overdue = "overdue", "已超期", "overdue";
    }
}

/// A job as the question sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    pub counted_from: NaiveDate,
    /// First day out of it.
    pub end_on: Option<NaiveDate>,
    pub recorded_on: NaiveDate,
}

/// A question that is to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    pub months: u8,
    pub due_on: NaiveDate,
    /// Last day in time.
    pub until: NaiveDate,
    pub state: FollowUpState,
}

/// The day of a milestone.
#[must_use]
pub fn due_on(counted_from: NaiveDate, months: u8) -> NaiveDate {
    months_later(counted_from, months.into())
}

/// Whether a milestone can be answered on a day: it has come, or is the next to come. Who has left by then is not asked later.
#[must_use]
pub fn may_answer(counted_from: NaiveDate, months: u8, on: NaiveDate) -> bool {
    MONTHS.into_iter().rfind(|earlier| *earlier < months).is_none_or(|earlier| due_on(counted_from, earlier) <= on)
}

/// What is to be asked today; `answered` are the milestones that were, `grace` the days in which an answer is in time.
#[must_use]
pub fn question(job: &Job, answered: &[u8], grace: u32, today: NaiveDate) -> Option<Question> {
    if job.end_on.is_some_and(|end| end <= today) {
        return None;
    }
    let months = MONTHS.into_iter().rfind(|months| due_on(job.counted_from, *months) <= today)?;
    let due_on = due_on(job.counted_from, months);
    if answered.iter().any(|done| *done >= months) || due_on < job.recorded_on {
        return None;
    }
    let until = due_on.checked_add_days(Days::new(grace.into())).unwrap_or(NaiveDate::MAX);
    let state = if today <= until { FollowUpState::Due } else { FollowUpState::Overdue };
    Some(Question { months, due_on, until, state })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn job(from: &str, end_on: Option<&str>, recorded_on: &str) -> Job {
        Job { counted_from: day(from), end_on: end_on.map(day), recorded_on: day(recorded_on) }
    }

    #[test]
    fn the_latest_milestone_is_asked_until_it_is_answered() {
        let asked = |today: &str, answered: &[u8]| {
            let question = question(&job("2026-01-31", None, "2026-01-31"), answered, 7, day(today));
            question.map(|q| (q.months, q.state))
        };
        use FollowUpState::{Due, Overdue};
        // A month after 31 January is the last day of February.
        assert_eq!(asked("2026-02-27", &[]), None);
        assert_eq!(asked("2026-02-28", &[]), Some((1, Due)));
        assert_eq!((asked("2026-03-07", &[]), asked("2026-03-08", &[])), (Some((1, Due)), Some((1, Overdue))));
        assert_eq!(asked("2026-03-08", &[1]), None);
        // Three months have come: one month is asked no more.
        assert_eq!((asked("2026-04-30", &[]), asked("2026-04-30", &[1])), (Some((3, Due)), Some((3, Due))));
        assert_eq!((asked("2026-07-31", &[3]), asked("2027-07-31", &[6])), (Some((6, Due)), None));
    }

    #[test]
    fn neither_what_ended_nor_what_was_recorded_late_is_asked() {
        let asked = |job: &Job, today: &str| question(job, &[], 7, day(today)).map(|q| q.months);
        assert_eq!(asked(&job("2026-01-01", Some("2026-02-01"), "2026-01-01"), "2026-02-01"), None);
        assert_eq!(asked(&job("2026-01-01", Some("2026-02-02"), "2026-01-01"), "2026-02-01"), Some(1));
        // A ledger of May tells of a job since January: six months are still to come.
        let late = job("2026-01-01", None, "2026-05-02");
        assert_eq!((asked(&late, "2026-05-02"), asked(&late, "2026-07-01")), (None, Some(6)));
    }
}
