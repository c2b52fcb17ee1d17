//! The closed code lists of the domain: each value has a stable code (stored and sent), a Chinese and an English name.
//!
//! The codes are those of the database's CHECK constraints; `tests/it` compares the two.

macro_rules! code_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in the order they are listed to people.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code stored in the database and used by the API.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The value with this code; `None` for a code that is not in the list.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The name people read.
            #[must_use]
            pub const fn label(self) -> $crate::domain::text::Label {
                match self { $(Self::$variant => $crate::domain::text::Label { zh: $zh, en: $en },)+ }
            }
        }
    };
}

pub(crate) use code_list;

code_list! {
    Sex {
        Male = "male", "男", "male";
        Female = "female", "女", "female";
    }
}

code_list! {
    /// Health and ability class (劳动技能), recorded by a person and never computed. Not the statistical half labour of
    /// [`super::ages`], which goes by age alone.
    LabourClass {
        Skilled = "skilled", "技能劳动力", "skilled";
        Ordinary = "ordinary", "普通劳动力", "ordinary";
        WeakOrHalf = "weak_or_half", "弱劳动力或半劳动力", "weak or half";
        Lost = "lost", "丧失劳动力", "lost";
        None = "none", "无劳动力", "none";
    }
}

code_list! {
    SchoolStatus {
        NotInSchool = "not_in_school", "非在校生", "not in school";
        MiddleSchool = "middle_school", "上中学", "in middle school";
        VocationalSchool = "vocational_school", "上职业院校", "in vocational school";
        TechnicalSchool = "technical_school", "上技校", "in technical school";
        University = "university", "上普通高校", "at university";
        InSchool = "in_school", "在校生", "in school";
    }
}

code_list! {
    Education {
        None = "none", "文盲或半文盲", "none";
        Primary = "primary", "小学", "primary school";
        JuniorMiddle = "junior_middle", "初中", "junior middle school";
        SeniorMiddle = "senior_middle", "高中", "senior middle school";
        Vocational = "vocational", "中专/技校", "vocational school";
        College = "college", "大专", "college";
        Bachelor = "bachelor", "本科", "bachelor";
        Postgraduate = "postgraduate", "研究生", "postgraduate";
    }
}

code_list! {
    Health {
        Healthy = "healthy", "健康", "healthy";
        ChronicIllness = "chronic_illness", "患慢性病", "chronic illness";
        SeriousIllness = "serious_illness", "患大病", "serious illness";
        Disabled = "disabled", "残疾", "disabled";
    }
}

code_list! {
    /// Relation of a member to the head of the household (与户主关系).
    Relation {
        Head = "head", "户主", "head";
        Spouse = "spouse", "配偶", "spouse";
        Child = "child", "子女", "child";
        ChildInLaw = "child_in_law", "儿媳/女婿", "child-in-law";
        Grandchild = "grandchild", "孙辈", "grandchild";
        Parent = "parent", "父母", "parent";
        ParentInLaw = "parent_in_law", "岳父母/公婆", "parent-in-law";
        Grandparent = "grandparent", "祖辈", "grandparent";
        Sibling = "sibling", "兄弟姐妹", "sibling";
        Other = "other", "其他", "other";
    }
}

code_list! {
    /// Monitoring class of a household (监测对象类别).
    MonitoringClass {
        None = "none", "非监测对象", "none";
        Unstable = "unstable", "脱贫不稳定户", "unstable after leaving poverty";
        Marginal = "marginal", "边缘易致贫户", "marginal";
        SuddenHardship = "sudden_hardship", "突发严重困难户", "sudden hardship";
    }
}

code_list! {
    /// Why a living member is not there to work; working elsewhere is not an absence.
    Absence {
        MilitaryService = "military_service", "服兵役", "military service";
        Prison = "prison", "服刑", "prison";
        LongTermCare = "long_term_care", "长期住院或托养", "long-term care";
        Missing = "missing", "失踪", "missing";
    }
}

code_list! {
    /// How a person is employed (就业渠道); one per spell.
    Channel {
        MicroFactory = "micro_factory", "微工厂", "micro-factory";
        Outbound = "outbound", "外出务工", "outbound";
        SelfEmployed = "self_employed", "自主创业", "self-employed";
        Local = "local", "本地就业", "local";
        PublicWelfare = "public_welfare", "公益性岗位", "public-welfare post";
        Flexible = "flexible", "灵活就业", "flexible";
        Farming = "farming", "农业就业", "farming";
    }
}

code_list! {
    /// Where work is, seen from the community (就业地域).
    Region {
        Town = "town", "乡(镇)内", "in town";
        County = "county", "乡(镇)外县内", "in the county";
        City = "city", "县外市内", "in the city";
        Province = "province", "市外省内", "in the province";
        OtherProvince = "other_province", "省外", "another province";
        Abroad = "abroad", "境外", "abroad";
    }
}

code_list! {
    EmployerKind {
        Tenant = "tenant", "园区微工厂", "park tenant";
        Outbound = "outbound", "外地企业", "outbound employer";
        Local = "local", "本地企业", "local employer";
        PublicWelfare = "public_welfare", "公益性岗位单位", "public-welfare employer";
    }
}

code_list! {
    PostingStatus {
        Draft = "draft", "草稿", "draft";
        Published = "published", "已发布", "published";
        Closed = "closed", "已关闭", "closed";
    }
}

impl PostingStatus {
    /// Whether somebody may bring the one into the other. Nobody makes a draft of what was published.
    #[must_use]
    pub const fn may_become(self, to: Self) -> bool {
        matches!((self, to), (Self::Draft | Self::Closed, Self::Published) | (Self::Published, Self::Closed))
    }
}

code_list! {
    PayKind {
        Monthly = "monthly", "月薪", "a month";
        Daily = "daily", "日薪", "a day";
        Hourly = "hourly", "时薪", "an hour";
        Piece = "piece", "计件", "piece rate";
    }
}

code_list! {
    Shift {
        Day = "day", "长白班", "day shift";
        TwoShift = "two_shift", "两班倒", "two shifts";
        ThreeShift = "three_shift", "三班倒", "three shifts";
        Night = "night", "夜班", "night shift";
        Flexible = "flexible", "弹性时间", "flexible hours";
    }
}

code_list! {
    /// Occupational hazard of a posting; minors' limits name the grade (law.md R25).
    Hazard {
        Dust = "dust", "粉尘", "dust";
        Toxic = "toxic", "有毒", "toxic substances";
        Height = "height", "高处", "work at height";
        ColdWater = "cold_water", "冷水", "cold water";
        Heat = "heat", "高温", "heat";
        LowTemperature = "low_temperature", "低温", "low temperature";
        Flammable = "flammable", "易燃易爆", "flammable or explosive";
        Noise = "noise", "噪声", "noise";
        Radiation = "radiation", "放射", "radiation";
        Other = "other", "其他危害", "another hazard";
    }
}

code_list! {
    /// A condition a person ruled out; a wish, no reason is stored.
    RuledOut {
        Night = "night", "夜班", "night work";
        Overtime = "overtime", "加班", "overtime";
        Chemicals = "chemicals", "接触化学品", "chemicals";
    }
}

code_list! {
    CareKind {
        Child = "child", "幼儿", "child";
        Elder = "elder", "老人", "elder";
        Patient = "patient", "病人", "patient";
    }
}

code_list! {
    /// Why a person or household is not employed (就业困难原因).
    BarrierKind {
        Care = "care", "照顾家人", "care";
        Health = "health", "健康", "health";
        Skill = "skill", "缺技能", "skill";
        Age = "age", "年龄", "age";
        Willingness = "willingness", "不愿就业", "willingness";
        Distance = "distance", "距离", "distance";
        Documents = "documents", "证件", "documents";
        Legal = "legal", "法律纠纷", "legal trouble";
        Other = "other", "其他", "other";
    }
}

code_list! {
    /// Why a resident declined an offer.
    DeclineReason {
        Pay = "pay", "工资", "pay";
        Hours = "hours", "工作时间", "working hours";
        Distance = "distance", "距离", "distance";
        Work = "work", "工作内容或环境", "the work itself";
        Skill = "skill", "技能不符", "skill";
        Care = "care", "照顾家人", "care";
        Health = "health", "健康", "health";
        Employer = "employer", "企业", "the employer";
        OtherJob = "other_job", "已另找工作", "another job";
        Other = "other", "其他", "other";
    }
}

code_list! {
    WishKind {
        Occupation = "occupation", "意向岗位", "occupation";
        Industry = "industry", "意向行业", "industry";
        Employer = "employer", "意向企业", "employer";
        Channel = "channel", "意向渠道", "channel";
        Region = "region", "意向地域", "region";
        Province = "province", "意向省份", "province";
        Shift = "shift", "意向班次", "shift";
    }
}

code_list! {
    /// How a posting asks for a skill.
    Importance {
        Must = "must", "必须", "must";
        Nice = "nice", "加分", "nice to have";
    }
}

code_list! {
    /// Which statutory retirement rule a person falls under. A woman's depends on her post; unknown shows both dates.
    RetirementGroup {
        Men = "men", "男职工", "men";
        Women55 = "women_55", "女干部/技术岗位", "women, formerly 55";
        Women50 = "women_50", "女工人", "women, formerly 50";
    }
}

code_list! {
    CoverageState {
        Covered = "covered", "已覆盖", "covered";
        Uncovered = "uncovered", "未覆盖", "uncovered";
        Exempt = "exempt", "不计入", "exempt";
    }
}

code_list! {
    AreaKind {
        Community = "community", "社区", "community";
        Grid = "grid", "网格", "grid";
        Building = "building", "楼栋", "building";
    }
}

code_list! {
    Severity {
        Error = "error", "错误", "error";
        Warning = "warning", "警告", "warning";
        Info = "info", "提示", "info";
    }
}

code_list! {
    /// What a ledger says of a household that is not on record.
    ProposalKind {
        Moved = "moved", "搬到另一户", "moved to another household";
        Split = "split", "分户", "split off";
        Merged = "merged", "并户", "merged";
        HeadChange = "head_change", "变更户主", "new head";
        Died = "died", "去世", "died";
        Left = "left", "不在台账上", "not in the ledger any more";
        Rehoused = "rehoused", "全户搬到另一栋楼", "moved to another building";
    }
}

code_list! {
    /// What became of it.
    ProposalState {
        Open = "open", "待核实", "open";
        Accepted = "accepted", "已采纳", "accepted";
        Rejected = "rejected", "不采纳", "rejected";
    }
}

code_list! {
    /// What happened to a household; its history is never overwritten.
    HouseholdEventKind {
        Created = "created", "建户", "created";
        Split = "split", "分户", "split";
        Merge = "merge", "并户", "merged";
        HeadChange = "head_change", "变更户主", "new head";
        Moved = "moved", "搬迁", "moved";
    }
}

code_list! {
    /// How one skill of the vocabulary stands to another.
    SkillLinkKind {
        Broader = "broader", "上位技能", "broader";
        Narrower = "narrower", "下位技能", "narrower";
        Related = "related", "相近技能", "related";
    }
}

code_list! {
    /// Where a long piece of work stands.
    JobState {
        Queued = "queued", "排队中", "queued";
        Running = "running", "进行中", "running";
        Succeeded = "succeeded", "已完成", "done";
        Failed = "failed", "未成功", "failed";
        Cancelled = "cancelled", "已取消", "cancelled";
    }
}

code_list! {
    /// What a plan makes of a household.
    PlanState {
        CoveredBefore = "covered_before", "原已覆盖", "covered before";
        NewlyCovered = "newly_covered", "计划新覆盖", "newly covered";
        Uncovered = "uncovered", "仍未覆盖", "still uncovered";
        Exempt = "exempt", "不计入", "exempt";
    }
}

code_list! {
    /// Why a plan leaves a household uncovered.
    UncoveredClass {
        NoEligiblePosting = "no_eligible_posting", "没有符合条件的岗位", "no eligible posting";
        OutCompeted = "out_competed", "岗位名额不足", "too few places";
        CareLimit = "care_limit", "须留人照料", "somebody has to care";
        Declined = "declined", "已拒绝全部合适岗位", "declined every eligible posting";
        Unwilling = "unwilling", "均无就业意愿", "nobody wants work";
    }
}

code_list! {
    /// A kind of change that could cover households a plan leaves uncovered, or cost some.
    ChangeKind {
        MoreVacancies = "more_vacancies", "增加空缺", "more vacancies";
        Relaxed = "relaxed", "放宽条件", "a requirement relaxed";
        Course = "course", "技能培训", "training course";
        CareShared = "care_shared", "分担照料", "care shared";
        TenantRemoved = "tenant_removed", "企业退出", "tenant leaves";
    }
}

code_list! {
    /// A standing decision of a counselor about a resident and a posting.
    PinKind {
        Pin = "pin", "指定", "pinned";
        Forbid = "forbid", "排除", "forbidden";
    }
}

code_list! {
    /// A rule of thumb a plan is compared with.
    BaselineRule {
        ScoreGreedy = "score_greedy", "按适合度依次安排", "best score first";
        HouseholdGreedy = "household_greedy", "未覆盖户优先依次安排", "uncovered households first";
        FirstCome = "first_come", "先到先得", "first come, first served";
    }
}

code_list! {
    /// What became of a resident's placement from one plan to the next.
    PlanChangeKind {
        Kept = "kept", "保留", "kept";
        Fulfilled = "fulfilled", "已到岗", "fulfilled";
        Changed = "changed", "改派", "changed";
        Dropped = "dropped", "取消", "dropped";
        New = "new", "新增", "new";
    }
}

code_list! {
    /// Why a plan does not keep a placement of its parent.
    PlanChangeReason {
        Hired = "hired", "已在该岗位就业", "hired there";
        Declined = "declined", "本人已拒绝该岗位", "the resident declined the posting";
        ResidentGone = "resident_gone", "已不是社区现有户的成员", "no member of a household any more";
        PostingClosed = "posting_closed", "岗位已关闭", "the posting is closed";
        NotEligible = "not_eligible", "不再符合岗位条件", "no longer eligible";
        Forbidden = "forbidden", "工作人员已排除", "forbidden by a counselor";
        NoAutomation = "no_automation", "本人要求不做自动推荐", "the resident asked for no automated recommendation";
        /// By a counselor, by an offer, or by a referral that has come further.
        PinnedElsewhere = "pinned_elsewhere", "已定其他岗位（工作人员指定、已获录用或正在推荐）", "bound for another posting: pinned by a counselor, offered or being referred";
        FewerVacancies = "fewer_vacancies", "岗位名额减少", "the posting has fewer places";
        PlacePinned = "place_pinned", "名额已定给他人（指定、录用或正在推荐）", "the place is pinned, offered or being referred to somebody else";
        CareLimit = "care_limit", "家中须留人照料", "somebody at home has to care";
        ToCover = "to_cover", "为覆盖另一户而调整", "to cover another household";
    }
}

code_list! {
    /// Where a plan stands. Not a column: it follows from the adoptions.
    PlanStanding {
        Proposed = "proposed", "待采用", "proposed";
        Adopted = "adopted", "已采用", "adopted";
        Superseded = "superseded", "已被取代", "superseded";
    }
}
