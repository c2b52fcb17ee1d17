//! Referrals: from a proposal a person agreed to, through the employer's answer, to a job that begins and ends.
//!
//! Invariant: [`MOVES`] is the only list of what may follow what and by whom. There is one way forward, step by step; every way
//! out of an open referral ends it for good, so that nothing is done twice. A reason is a code that [`serves`](ReferralReason::serves)
//! the state it leads to, or [says](ReferralReason::says_never_began) that the job never began. An employer gives none of sex, origin, family or body: the first two are not in the list, the others are the
//! person's to say ([`ReferralReason::is_private`]; 就业促进法 26–31).

use crate::domain::codes::code_list;
use crate::domain::text::Label;
use ReferralState::*;

code_list! {
    ReferralState {
        /// A counselor proposes a posting to a resident.
        Proposed = "proposed", "已提出", "proposed";
        /// The person agreed to be introduced to this employer.
        Consented = "consented", "本人同意", "consented";
        /// The employer has been told and owes an answer.
        Referred = "referred", "已转介", "referred";
        Interview = "interview", "面试", "interview";
        Offered = "offered", "已录用待上岗", "offered";
        /// At work: there is an employment spell.
        Hired = "hired", "已上岗", "hired";
        /// The job that came of it is over.
        Ended = "ended", "已离岗", "ended";
        RefusedByResident = "refused_by_resident", "本人拒绝", "refused by the resident";
        RefusedByEmployer = "refused_by_employer", "企业未录用", "refused by the employer";
        Withdrawn = "withdrawn", "已撤回", "withdrawn";
        /// Nobody answered for too long.
        Expired = "expired", "逾期关闭", "expired";
        /// The person found work elsewhere.
        Obsolete = "obsolete", "已在别处就业", "obsolete: hired elsewhere";
    }
}

impl ReferralState {
    /// Still on its way: neither at work nor closed.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Proposed | Consented | Referred | Interview | Offered)
    }

    /// Nothing can follow.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !self.is_open() && !matches!(self, Hired)
    }

    /// How many steps forward it is from a proposal; 0 for one that is not open.
    #[must_use]
    pub const fn steps(self) -> u8 {
        match self {
            Consented => 1,
            Referred => 2,
            Interview => 3,
            Offered => 4,
            _ => 0,
        }
    }

    /// The employer deals with the person: it knows the name and phone the consent names.
    #[must_use]
    pub const fn is_with_employer(self) -> bool {
        matches!(self, Referred | Interview | Offered | Hired)
    }

    /// The next word is the employer's: an answer, or of one it offered a place that the person has begun.
    #[must_use]
    pub const fn awaits_employer(self) -> bool {
        matches!(self, Referred | Interview | Offered)
    }
}

/// Who makes a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mover {
    /// Job counselors, and the command line.
    Counselor,
    /// The employer's HR.
    Employer,
    /// Rules of the service: ageing, a hire elsewhere, a consent withdrawn.
    Service,
}

/// One allowed step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: ReferralState,
    pub to: ReferralState,
    pub by: &'static [Mover],
}

const fn step(from: ReferralState, to: ReferralState, by: &'static [Mover]) -> Move {
    Move { from, to, by }
}

const COUNSELOR: &[Mover] = &[Mover::Counselor];
/// What the employer says, by its own hand or through a counselor on the phone.
const EITHER: &[Mover] = &[Mover::Employer, Mover::Counselor];
const SERVICE: &[Mover] = &[Mover::Service];
const WITHDRAWING: &[Mover] = &[Mover::Counselor, Mover::Service];

/// Every step there is.
pub const MOVES: &[Move] = &[
    step(Proposed, Consented, COUNSELOR),
    step(Consented, Referred, COUNSELOR),
    step(Referred, Interview, EITHER),
    step(Interview, Offered, EITHER),
    step(Offered, Hired, EITHER),
    step(Hired, Ended, EITHER),
    step(Proposed, RefusedByResident, COUNSELOR),
    step(Consented, RefusedByResident, COUNSELOR),
    step(Referred, RefusedByResident, COUNSELOR),
    step(Interview, RefusedByResident, COUNSELOR),
    step(Offered, RefusedByResident, COUNSELOR),
    step(Referred, RefusedByEmployer, EITHER),
    step(Interview, RefusedByEmployer, EITHER),
    step(Offered, RefusedByEmployer, EITHER),
    step(Proposed, Withdrawn, WITHDRAWING),
    step(Consented, Withdrawn, WITHDRAWING),
    step(Referred, Withdrawn, WITHDRAWING),
    step(Interview, Withdrawn, WITHDRAWING),
    step(Offered, Withdrawn, WITHDRAWING),
    step(Proposed, Expired, SERVICE),
    step(Consented, Expired, SERVICE),
    step(Referred, Expired, SERVICE),
    step(Interview, Expired, SERVICE),
    step(Offered, Expired, SERVICE),
    step(Proposed, Obsolete, SERVICE),
    step(Consented, Obsolete, SERVICE),
    step(Referred, Obsolete, SERVICE),
    step(Interview, Obsolete, SERVICE),
    step(Offered, Obsolete, SERVICE),
];

/// What a step to a state is called, with its reason: a job that never began did not end.
#[must_use]
pub const fn step_label(to: ReferralState, reason: Option<ReferralReason>) -> Label {
    match (to, reason) {
        (Ended, Some(reason)) if reason.says_never_began() => {
            Label { zh: "更正：没有上岗", en: "put right: never started" }
        }
        (to, _) => to.label(),
    }
}

/// The step between two states, if there is one.
#[must_use]
pub fn find_move(from: ReferralState, to: ReferralState) -> Option<&'static Move> {
    MOVES.iter().find(|step| step.from == from && step.to == to)
}

code_list! {
    /// Why a referral went no further, or a job ended. Each serves certain states ([`ReferralReason::serves`]).
    ReferralReason {
        Pay = "pay", "工资低于期望", "pay below what was hoped for";
        Hours = "hours", "工作时间不合适", "working hours do not suit";
        Distance = "distance", "路途太远", "too far away";
        WorkContent = "work_content", "不想做这类工作", "does not want this kind of work";
        WorkEnvironment = "work_environment", "工作环境不适应", "surroundings of the work";
        PhysicalLoad = "physical_load", "体力上吃不消", "too heavy";
        SkillTooLow = "skill_too_low", "担心技能不够", "feels not skilled enough";
        ChildCare = "child_care", "要照看孩子", "a child to look after";
        ElderCare = "elder_care", "要照护老人或病人", "an elder or patient to look after";
        Health = "health", "健康原因", "health";
        Contract = "contract", "合同或社保条件", "contract or social insurance";
        Lodging = "lodging", "食宿条件", "board and lodging";
        EmployerReputation = "employer_reputation", "对企业不放心", "distrusts the employer";
        WantsTraining = "wants_training", "想先参加培训", "wants training first";
        OtherJob = "other_job", "已另找工作", "found another job";
        NotLooking = "not_looking", "暂不就业", "not looking for work now";
        PlaceFilled = "place_filled", "岗位已招满", "the place is filled";
        SkillNotMet = "skill_not_met", "技能达不到要求", "skill below what is needed";
        CertificateMissing = "certificate_missing", "缺少所需证书", "a certificate is missing";
        ExperienceShort = "experience_short", "经验不足", "too little experience";
        HoursNotPossible = "hours_not_possible", "无法按班次上班", "cannot work the shifts";
        InterviewNotPassed = "interview_not_passed", "面试未通过", "interview not passed";
        TrialNotPassed = "trial_not_passed", "试工未通过", "trial work not passed";
        HealthCheckNotPassed = "health_check_not_passed", "岗前体检不合格", "health check for the post not passed";
        DidNotAppear = "did_not_appear", "未到场", "did not appear";
        NotReached = "not_reached", "联系不上", "could not be reached";
        DocumentsMissing = "documents_missing", "证件不全", "documents missing";
        PayWishTooHigh = "pay_wish_too_high", "期望工资过高", "wants more pay than there is";
        OrdersFell = "orders_fell", "订单减少，暂不招人", "fewer orders: nobody is taken on";
        PostingChanged = "posting_changed", "岗位取消或条件变更", "the posting was cancelled or changed";
        ContractEnded = "contract_ended", "合同到期", "the contract ended";
        Resigned = "resigned", "本人辞职", "resigned";
        Dismissed = "dismissed", "企业辞退", "dismissed";
        LaidOff = "laid_off", "企业裁减", "laid off";
        EmployerClosed = "employer_closed", "企业停产或搬离", "the employer closed or left";
        MovedAway = "moved_away", "迁离本地", "moved away";
        Retired = "retired", "退休", "retired";
        EnteredByMistake = "entered_by_mistake", "录入有误", "entered by mistake";
        ConsentWithdrawn = "consent_withdrawn", "本人撤回同意", "consent withdrawn";
        ConsentExpired = "consent_expired", "同意已到期", "the consent ran out";
        DataRestricted = "data_restricted", "本人不再接受服务或信息限制处理", "the person may not be served any more";
        NoAnswer = "no_answer", "长期无答复", "no answer";
        HiredElsewhere = "hired_elsewhere", "已在别处上岗", "at work elsewhere";
        Other = "other", "其他", "other";
    }
}

impl ReferralReason {
    /// Whether it can be the reason of a move into a state.
    #[must_use]
    pub const fn serves(self, to: ReferralState) -> bool {
        use ReferralReason::*;
        match to {
            ReferralState::RefusedByResident => matches!(
                self,
                Pay | Hours
                    | Distance
                    | WorkContent
                    | WorkEnvironment
                    | PhysicalLoad
                    | SkillTooLow
                    | ChildCare
                    | ElderCare
                    | Health
                    | Contract
                    | Lodging
                    | EmployerReputation
                    | WantsTraining
                    | OtherJob
                    | NotLooking
                    | Other
            ),
            ReferralState::RefusedByEmployer => matches!(
                self,
                PlaceFilled
                    | SkillNotMet
                    | CertificateMissing
                    | ExperienceShort
                    | HoursNotPossible
                    | InterviewNotPassed
                    | TrialNotPassed
                    | HealthCheckNotPassed
                    | DidNotAppear
                    | NotReached
                    | DocumentsMissing
                    | PayWishTooHigh
                    | OrdersFell
                    | PostingChanged
                    | Other
            ),
            ReferralState::Ended => matches!(
                self,
                ContractEnded
                    | Resigned
                    | Dismissed
                    | LaidOff
                    | EmployerClosed
                    | MovedAway
                    | Retired
                    | Pay
                    | Hours
                    | ChildCare
                    | ElderCare
                    | Health
                    | OtherJob
                    | Other
            ),
            ReferralState::Withdrawn => {
                matches!(
                    self,
                    EnteredByMistake
                        | ConsentWithdrawn
                        | ConsentExpired
                        | DataRestricted
                        | PostingChanged
                        | NotReached
                        | MovedAway
                        | Other
                )
            }
            ReferralState::Expired => matches!(self, NoAnswer),
            ReferralState::Obsolete => matches!(self, HiredElsewhere),
            // Forward needs none.
            Proposed | Consented | Referred | Interview | Offered | Hired => false,
        }
    }

    /// Whether it says of a job that was reported to have begun, and ended with it, that it never did.
    #[must_use]
    pub const fn says_never_began(self) -> bool {
        matches!(self, Self::DidNotAppear | Self::EnteredByMistake)
    }

    /// The reasons that take back a reported start.
    pub fn of_no_start() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|reason| reason.says_never_began())
    }

    /// What of a person's family or body is for the person to say, not for an employer.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::ChildCare | Self::ElderCare | Self::Health | Self::NotLooking)
    }

    /// The reasons of a state, in the order they are listed to people.
    pub fn of(to: ReferralState) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |reason| reason.serves(to))
    }
}

code_list! {
    /// What an employer is told.
    NoticeKind {
        ReferralReceived = "referral_received", "收到推荐人选", "a candidate was referred to you";
        ReferralReminder = "referral_reminder", "推荐人选等待答复", "a candidate waits for your answer";
        ReferralExpired = "referral_expired", "推荐逾期关闭", "a referral was closed for want of an answer";
        ReferralObsolete = "referral_obsolete", "人选已在别处就业", "a candidate found work elsewhere";
        ReferralWithdrawn = "referral_withdrawn", "推荐已撤回", "a referral was withdrawn";
        ReferralRefused = "referral_refused", "人选未接受", "a candidate said no";
        PostingUnpublished = "posting_unpublished", "岗位久未确认，已停止发布", "a posting was not confirmed and is published no more";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_way_forward_and_no_way_back() {
        let forward = [Proposed, Consented, Referred, Interview, Offered, Hired, Ended];
        for (i, from) in forward.iter().enumerate() {
            for (j, to) in forward.iter().enumerate() {
                assert_eq!(find_move(*from, *to).is_some(), j == i + 1, "{from:?} {to:?}");
            }
        }
        for state in ReferralState::ALL {
            let follows = MOVES.iter().filter(|step| step.from == *state).count();
            assert_eq!(follows == 0, state.is_final(), "{state:?}");
            // A step stands once.
            for to in ReferralState::ALL {
                assert!(MOVES.iter().filter(|step| (step.from, step.to) == (*state, *to)).count() <= 1);
            }
        }
    }

    #[test]
    fn both_sides_have_their_reasons_and_the_employer_no_unlawful_one() {
        assert!(ReferralReason::of(RefusedByResident).count() >= 13);
        assert!(ReferralReason::of(RefusedByEmployer).count() >= 13);
        for step in MOVES.iter().filter(|step| !step.to.is_open() && step.to != Hired) {
            assert!(ReferralReason::of(step.to).next().is_some(), "{:?}", step.to);
        }
        for reason in ReferralReason::ALL {
            assert!(ReferralState::ALL.iter().any(|state| reason.serves(*state)), "{reason:?} serves nothing");
        }
        // What the resident's family or body has to do with it is the resident's to say.
        assert!(ReferralReason::of(RefusedByEmployer).all(|reason| !reason.is_private()));
    }

    #[test]
    fn nobody_leaves_a_job_for_the_reason_that_it_never_began() {
        assert_eq!(ReferralReason::of_no_start().count(), 2);
        for reason in ReferralReason::of_no_start() {
            assert!(!reason.serves(Ended), "{reason:?}");
            assert_ne!(step_label(Ended, Some(reason)).zh, Ended.label().zh);
        }
        assert_eq!(step_label(Ended, Some(ReferralReason::Resigned)).zh, Ended.label().zh);
    }

    #[test]
    fn an_employer_moves_nothing_before_it_was_told() {
        for step in MOVES.iter().filter(|step| step.by.contains(&Mover::Employer)) {
            assert!(!matches!(step.from, Proposed | Consented), "{step:?}");
        }
    }
}
