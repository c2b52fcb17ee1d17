//! The figures of a monthly report: what each counts, of what, and in which words it is defined.
//!
//! Invariant: a figure is the number of entries of its list and nothing else, so there is no figure without a list and no list that
//! does not add up to its figure. The words are frozen with each report: what a later version says here changes no report.

use super::codes::{CoverageState, code_list};
use super::text::{Label, Text};

code_list! {
    /// What the entries of a figure's list are.
    ReportUnit {
        Household = "household", "户", "households";
        Person = "person", "人", "people";
        Job = "job", "份工作", "jobs";
        Visit = "visit", "次走访", "visits";
        Referral = "referral", "人次", "person-times";
        Enrolment = "enrolment", "人次培训", "enrolments";
    }
}

code_list! {
    /// The parts of a report.
    ReportPart {
        Coverage = "coverage", "家庭就业覆盖", "household coverage";
        Quality = "quality", "覆盖得稳不稳", "how firm it is";
        Channel = "channel", "就业渠道", "channels";
        Grid = "grid", "各网格", "grids";
        People = "people", "就业的人", "people at work";
        Month = "month", "本月的工作", "work of the month";
    }
}

macro_rules! figures {
    ($($variant:ident = $code:literal, $part:ident, $unit:ident, $zh:literal, $en:literal, $zh_definition:literal, $en_definition:literal;)+) => {
        code_list! {
            /// A figure of a report, in the order they are printed.
            ReportFigure { $($variant = $code, $zh, $en;)+ }
        }

        impl ReportFigure {
            #[must_use]
            pub const fn part(self) -> ReportPart {
                match self { $(Self::$variant => ReportPart::$part,)+ }
            }

            #[must_use]
            pub const fn unit(self) -> ReportUnit {
                match self { $(Self::$variant => ReportUnit::$unit,)+ }
            }

            /// What is counted, in a sentence.
            #[must_use]
            pub const fn definition(self) -> Label {
                match self { $(Self::$variant => Label { zh: $zh_definition, en: $en_definition },)+ }
            }
        }
    };
}

figures! {
    Households = "households", Coverage, Household, "全部住户", "all households",
        "月末在本社区、至少有一名成员（或成员尚未登记）的户。等于已覆盖、未覆盖、不计入之和。",
        "Households of the community on the last day that have a member, or none on record. Covered, uncovered and exempt add up to them.";
    Covered = "covered", Coverage, Household, "已覆盖", "covered",
        "月末至少一名在世的现有成员有一份正在进行的就业记录，年龄不限；务农是否算就业按参数。",
        "At least one living current member has a job that runs on the last day, at any age; whether farming counts is a setting.";
    Uncovered = "uncovered", Coverage, Household, "未覆盖", "uncovered",
        "月末没有人就业，并且至少一名成员可就业（零就业家庭）。等于待帮扶与均无就业意愿之和。",
        "Nobody works and at least one member is employable. To help and unwilling add up to them.";
    ToHelp = "to_help", Coverage, Household, "未覆盖：待帮扶", "uncovered: to help",
        "未覆盖的户中，至少一名可就业的成员愿意就业，或意愿没有登记。",
        "Uncovered, and an employable member is willing to work or the wish is not on record.";
    Unwilling = "unwilling", Coverage, Household, "未覆盖：均无就业意愿", "uncovered: unwilling",
        "未覆盖的户中，所有可就业的成员都登记为不愿就业。",
        "Uncovered, and every employable member is recorded as unwilling.";
    Exempt = "exempt", Coverage, Household, "不计入", "exempt",
        "月末没有人就业，并且没有可就业的成员，或经认定不计入。不在覆盖率的分母里。",
        "Nobody works and nobody is employable, or a decision leaves the household out. Not in the denominator of the rate.";
    ExemptNobody = "exempt_nobody_employable", Coverage, Household, "不计入：无人可就业", "exempt: nobody employable",
        "不计入的户中，没有一名成员在劳动年龄内、不在校、有劳动能力并且没有服役、服刑、长期住院或失踪。",
        "Exempt because no member is of labour age, out of school, able to work and present.";
    ExemptDecision = "exempt_decision", Coverage, Household, "不计入：经认定", "exempt: by decision",
        "不计入的户中，有可就业的成员，但月末有一项有人负责、有日期的不计入决定。",
        "Exempt by a recorded, dated decision of a person, though somebody is employable.";
    Certain = "certain", Quality, Household, "已覆盖：记录没有矛盾", "covered: for certain",
        "已覆盖的户中，至少一名就业的成员没有互相矛盾的记录。已覆盖的确定范围从这个数到已覆盖数。",
        "Covered by at least one member whose records do not contradict one another: the certain end of the range.";
    Contested = "contested", Quality, Household, "已覆盖：记录有矛盾", "covered: contested",
        "已覆盖的户中，某名就业成员同时登记为在校、未满 16 周岁、离家（服役等）、无劳动能力、有两份全职工作，或就业时间重叠。",
        "Covered, and a working member is also recorded as in school, under 16, away, unable to work, in two full jobs, or in overlapping ones.";
    Stable3m = "stable_3m", Quality, Household, "已覆盖：稳定 3 个月以上", "covered: stable for 3 months",
        "已覆盖的户中，有一份工作到月末已满 3 个月。",
        "Covered by a job that has run for 3 months on the last day.";
    Stable6m = "stable_6m", Quality, Household, "已覆盖：稳定 6 个月以上", "covered: stable for 6 months",
        "已覆盖的户中，有一份工作到月末已满 6 个月。",
        "Covered by a job that has run for 6 months on the last day.";
    Decent = "decent", Quality, Household, "已覆盖：收入达标", "covered: decent pay",
        "已覆盖的户中，有一份工作的月收入达到参数规定的标准。",
        "Covered by a job paid at or above the target of the settings.";
    Verified = "verified", Quality, Household, "已覆盖：近期已核实", "covered: verified lately",
        "已覆盖的户中，有一份工作有凭证，并在参数规定的天数内核实过。",
        "Covered by a job with evidence that was verified within the days of the settings.";
    SingleEarnerRisk = "single_earner_risk", Quality, Household, "已覆盖：唯一就业人员有风险", "covered: single earner at risk",
        "已覆盖的户中只有一人就业，其合同、企业租期或年龄上限在参数规定的天数内到期。",
        "Covered by one person only, whose contract, tenant or age limit ends within the days of the settings.";
    ByChannel = "by_channel", Channel, Household, "已覆盖，按渠道", "covered, by channel",
        "已覆盖的户，按户内持续最久的一份工作的渠道分；各渠道之和等于已覆盖。",
        "Covered households by the channel of their longest-running job; the channels add up to covered.";
    GridCovered = "grid_covered", Grid, Household, "网格已覆盖", "covered, by grid",
        "已覆盖的户，按月末冻结时所在网格分；各网格之和等于已覆盖。",
        "Covered households by the grid they lie in; the grids add up to covered.";
    GridUncovered = "grid_uncovered", Grid, Household, "网格未覆盖", "uncovered, by grid",
        "未覆盖的户，按所在网格分；各网格之和等于未覆盖。",
        "Uncovered households by grid; the grids add up to uncovered.";
    GridExempt = "grid_exempt", Grid, Household, "网格不计入", "exempt, by grid",
        "不计入的户，按所在网格分；各网格之和等于不计入。",
        "Exempt households by grid; the grids add up to exempt.";
    Able = "able", People, Person, "可就业的人", "employable people",
        "月末在世、为现有成员、在劳动年龄内、不在校、有劳动能力、没有离家的人；没有登记的按可就业算。",
        "Living current members of labour age, out of school, able to work and present; what is not recorded counts in favour.";
    AbleAtWork = "able_at_work", People, Person, "可就业并且在就业的人", "employable people at work",
        "可就业的人中，月末有一份算就业的工作。",
        "Employable people with a job that counts on the last day.";
    AtWork = "at_work", People, Person, "在就业的人", "people at work",
        "月末有一份算就业的工作的在世现有成员，年龄不限。",
        "Living current members with a job that counts, at any age.";
    Older = "older", People, Person, "在就业：45 周岁及以上", "at work: aged 45 and over",
        "在就业的人中，月末已满 45 周岁。", "At work and 45 or older on the last day.";
    WeakOrHalf = "weak_or_half", People, Person, "在就业：弱劳动力或半劳动力", "at work: weak or half labour",
        "在就业的人中，劳动技能登记为弱劳动力或半劳动力。", "At work and recorded as weak or half labour.";
    PayDecent = "pay_decent", People, Person, "在就业：月收入达到标准", "at work: paid at or above the target",
        "在就业的人中，收入最高的一份工作达到参数规定的标准。", "At work, the best-paid job at or above the target.";
    PayBelow = "pay_below", People, Person, "在就业：月收入低于标准", "at work: paid below the target",
        "在就业的人中，登记的收入都低于标准。", "At work, every recorded pay below the target.";
    PayUnknown = "pay_unknown", People, Person, "在就业：月收入没有记录", "at work: pay not recorded",
        "在就业的人中，没有一份工作登记了收入。", "At work, no pay on record.";
    JobsBegun = "jobs_begun", Month, Job, "本月新就业", "jobs begun",
        "月末的现有成员在本月开始的、算就业的工作；开始日期没有登记的不算。",
        "Jobs that count, of current members, begun in the month; without those whose start is not on record.";
    JobsEnded = "jobs_ended", Month, Job, "本月离开工作", "jobs ended",
        "月末的现有成员在本月结束的、算就业的工作；结束日是不再上班的第一天。",
        "Jobs that count, of current members, whose first day out lies in the month.";
    Recognised = "recognised", Month, Household, "本月认定的零就业户", "recognised this month",
        "本月被认定为零就业家庭的户，不论月末状态。", "Households recognised as having nobody at work in the month, whatever their state now.";
    Helped = "helped", Month, Household, "已帮扶就业的户", "helped into work",
        "月末以前被认定过、月末已覆盖的户（累计）。", "Households recognised at any time so far that are covered on the last day.";
    Visits = "visits", Month, Visit, "走访", "visits",
        "本月完成的走访，一次一条。", "Visits done in the month, each counted.";
    Visited = "visited", Month, Household, "走访到的户", "households visited",
        "本月至少完成一次走访的户。", "Households with at least one visit done in the month.";
    Proposed = "proposed", Month, Referral, "推荐工作", "recommendations made",
        "本月提出的推荐登记，按人次；登记错误的不算。", "Referrals proposed in the month, in person-times; without those entered by mistake.";
    Referred = "referred", Month, Referral, "转介企业", "referred to employers",
        "本月转给企业的推荐登记，按人次，不论哪个月提出；登记错误的不算。", "Referrals passed to the employer in the month, whenever proposed.";
    Hired = "hired", Month, Referral, "推荐上岗", "hired through a referral",
        "本月登记上岗的推荐，按人次，不论哪个月提出；登记错误的不算。", "Referrals that came to a hire in the month, whenever proposed.";
    Enrolled = "enrolled", Month, Enrolment, "培训报名", "enrolled in courses",
        "本月报名的培训，按人次；登记错误的不算。", "Enrolments made in the month; without those entered by mistake.";
    Trained = "trained", Month, Enrolment, "培训合格", "passed a course",
        "本月通过考核的培训，按人次；登记错误的不算。", "Enrolments passed in the month.";
}

impl ReportFigure {
    /// The figure of all households in a state; every household is in the list of exactly one.
    #[must_use]
    pub const fn of_state(state: CoverageState) -> Self {
        match state {
            CoverageState::Covered => Self::Covered,
            CoverageState::Uncovered => Self::Uncovered,
            CoverageState::Exempt => Self::Exempt,
        }
    }
}

code_list! {
    /// Why a household's state is another one than a month before.
    ReportReason {
        FoundJob = "found_job", "新就业", "found work";
        EarnerJoined = "earner_joined", "有工作的人加入本户", "somebody with a job joined";
        JobEnded = "job_ended", "工作结束", "the job ended";
        EarnerLeft = "earner_left", "有工作的人离开本户或去世", "the earner left or died";
        Exempted = "exempted", "经认定不计入", "left out by a decision";
        ExemptionEnded = "exemption_ended", "不计入的决定到期", "the decision ended";
        NobodyEmployable = "nobody_employable", "不再有可就业的人", "nobody is employable any more";
        EmployableAgain = "employable_again", "又有了可就业的人", "somebody is employable again";
        New = "new", "新建户", "new household";
        MovedIn = "moved_in", "迁入本社区，或补登", "moved in, or registered late";
        Gone = "gone", "户已不在，或迁出本社区", "gone, or moved away";
        Corrected = "corrected", "上月报告以后更正了记录", "records corrected since the last report";
        RulesChanged = "rules_changed", "参数变了", "the settings changed";
    }
}

/// "已覆盖 → 未覆盖"; a household that is not in a report has no state there.
#[must_use]
pub fn between(from: Option<CoverageState>, to: Option<CoverageState>) -> Text {
    let said =
        |state: Option<CoverageState>| state.map_or(Label { zh: "不在册", en: "not there" }, CoverageState::label);
    let (from, to) = (said(from), said(to));
    Text::new(format!("{} → {}", from.zh, to.zh), format!("{} → {}", from.en, to.en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_defined_in_sentences() {
        for figure in ReportFigure::ALL {
            let definition = figure.definition();
            assert!(definition.zh.ends_with('。') && definition.en.ends_with('.'), "{figure:?}");
            assert_eq!(ReportFigure::from_code(figure.code()), Some(*figure));
        }
    }
}
