//! Which column means what: one table of fields and the titles offices give them.
//!
//! Titles are compared after [`normalise_title`]; every title belongs to exactly one field (tested). What a shared title means
//! in a given sheet (the 姓名 of a household list is the head's) is decided where records are built.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = [$($title:literal),+ $(,)?];)+) => {
        /// A column the importer understands. The first title is the one templates use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field { $($(#[$doc])* $variant,)+ }

        impl Field {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            const fn variant(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }

            /// All titles, the template's first.
            #[must_use]
            pub const fn titles(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($title),+],)+ }
            }
        }
    };
}

fields! {
    // Not stored: they follow from other columns.
    Sequence = ["序号", "编号", "行号"];
    Age = ["年龄", "周岁"];
    /// Columns of our own lists that are worked out from the records, or are of what no list brings in.
    Derived = [
        "是否可就业", "覆盖状态", "状态说明", "所受培训", "类别认定日期", "计入补贴月数", "各月情况", "课程结果", "推荐岗位", "推荐企业", "推荐进展",
        "转介日期", "最近进展日期", "走访日期", "走访方式", "走访发现", "下一步", "下一步日期", "岗位状态", "已在岗人数", "空缺人数",
    ];

    /// The year a list was made; the day the data speaks of is told when it is imported.
    Year = ["年度", "年份", "统计年度"];

    // Place and household.
    Community = ["社区", "所属社区", "社区名称", "安置社区", "安置点", "安置点名称", "集中安置点"];
    Grid = ["网格", "所属网格", "网格名称", "网格号"];
    Building = ["楼栋", "楼栋号", "楼号", "栋号", "所在楼栋", "幢号"];
    Unit = ["单元房号", "单元/房号", "单元-房号", "房号", "门牌号", "单元号", "房间号", "单元室号", "户室号"];
    WalkMinutes = ["步行到园区分钟", "步行到园区", "到园区步行分钟", "步行分钟"];
    HouseholdCode = ["户编号", "户编码", "户号", "家庭编号", "户籍编号"];
    HeadName = ["户主姓名", "户主", "家庭户主"];
    HeadId = ["户主身份证号", "户主身份证号码", "户主证件号码", "户主证件号", "户主身份证"];
    HeadPhone = ["户主电话", "户主联系电话", "户主手机号"];
    Relation = ["与户主关系", "户主关系", "与户主的关系", "关系", "家庭关系", "成员关系", "称谓"];
    Township = ["迁出地", "迁出乡镇", "原户籍乡镇", "原住地", "原乡镇", "搬迁前住址", "原住址", "迁出地址", "原住地址", "迁出村"];
    Monitoring = ["监测对象类别", "监测对象", "是否监测对象", "脱贫户/监测对象", "是否脱贫户/监测对象", "户属性", "监测类别", "户类型", "是否监测户", "农户属性", "脱贫属性", "监测户类型"];
    /// Counts of a household follow from its people: they are compared with them and not stored.
    LabourCount = ["劳动力数量", "劳动力人数"];
    WillingCount = ["有就业创业意愿人数", "有就业意愿人数"];
    EmployedCount = ["已就业创业人数", "已就业人数"];
    EmployedNames = ["已就业创业人姓名", "已就业人员姓名"];
    RegisteredArea = ["所属行政区", "所属区域", "行政区划", "所属地区"];
    HomeAddress = ["家庭住址", "详细住址", "现住址", "居住地址"];
    Relocated = ["易地扶贫搬迁", "是否搬迁户", "是否易地搬迁户", "是否易地扶贫搬迁户"];
    PovertyState = ["脱贫状态", "是否脱贫"];
    PovertyYear = ["认定年度"];
    Helper = ["帮扶责任人", "帮扶干部", "包保责任人", "结对干部", "责任人", "包保干部", "包户干部", "帮扶联系人"];
    Care = ["照护责任", "照护情况", "照料责任"];

    // The person.
    Name = ["姓名", "劳动力姓名", "成员姓名", "家庭成员姓名", "人员姓名"];
    IdNumber = ["身份证号", "身份证号码", "身份证", "劳动力身份证号", "劳动力身份证号码", "证件号码", "证件号", "公民身份号码", "居民身份证号"];
    Sex = ["性别"];
    BirthDate = ["出生日期", "出生年月", "出生年月日", "生日"];
    Ethnicity = ["民族"];
    Education = ["文化程度", "学历", "受教育程度"];
    Health = ["健康状况", "身体状况", "健康情况"];
    Disabled = ["是否残疾人", "是否残疾", "残疾人"];
    /// Health data nobody here needs (law.md R30): recognised so that it is dropped and does not end in a note.
    DisabilityDetail = ["残疾类别", "残疾类型", "残疾等级", "残疾证号", "残疾人证号", "残疾证"];
    LabourClass = ["劳动技能", "劳动能力", "劳动力类型", "劳动能力状况", "劳力状况", "是否有劳动能力", "劳动能力情况", "有无劳动能力"];
    School = ["在校生状况", "是否在校生", "上学状态", "在校状态", "在校生情况", "在校情况", "是否在校", "就读情况"];
    Absence = ["离家状态", "不在家原因", "离家情况"];
    DiedOn = ["死亡日期", "去世日期", "死亡时间", "去世时间"];
    Phone = ["联系电话", "电话", "手机号", "手机号码", "联系方式", "劳动力电话", "电话号码", "手机", "本人电话", "联系号码", "本人联系电话"];

    // Willingness, wishes and limits.
    Willing = ["就业意愿", "就创业意愿", "转移就业意愿", "是否愿意就业", "是否有就业意愿", "有无就业意愿", "就业创业意愿", "务工意愿"];
    WishOccupation = ["意向岗位", "意向工种", "就业意向", "求职意向", "意向岗位(工种)"];
    WishIndustry = ["意向行业"];
    WishEmployer = ["意向企业", "意向单位"];
    WishRegion = ["意向地域", "意向地区", "意向就业地", "意向区域"];
    WishChannel = ["意向渠道", "意向就业渠道"];
    WishShift = ["意向班次"];
    ExpectedPay = ["期望月薪", "期望薪资", "期望工资", "期望月收入", "薪资要求"];
    PayFloor = ["最低月薪", "最低可接受月薪", "可接受最低工资"];
    WillingToTrain = ["培训意愿", "培训教育意愿", "技能培训意愿", "是否愿意培训"];
    SeekingChange = ["求职中", "是否求职中", "想换工作"];
    Barrier = ["未就业原因", "未务工原因", "未就业主要原因", "就业困难原因"];
    UnavailableHours = ["不能上班时段", "不能工作时段", "不可上班时间"];
    RuledOut = ["不接受条件", "不能接受的条件", "不接受"];
    MaxGrade = ["可承受体力等级", "可承受体力劳动强度", "体力等级上限"];
    MaxLoad = ["最大负重公斤", "最大负重", "可负重公斤"];
    NoForcedPosture = ["不能强迫体位", "不能固定姿势", "不能久站久坐"];
    MaxMinutes = ["最远上班分钟", "可接受通勤分钟", "最远通勤分钟"];
    HazardCheckUntil = ["职业健康检查有效期", "职业健康体检有效期"];
    WelfareMonths = ["公益岗已用月数", "公益性岗位已用月数", "公益岗累计月数"];
    Skills = ["技能特长", "特长", "技能", "掌握技能", "技能专长", "技能情况", "拥有技能"];
    Certificates = ["技能证书", "职业资格证书", "证书", "技能等级证书", "持证情况", "证书名称", "职业技能证书", "技能等级"];

    // Employment.
    Status = ["就业状态", "就业创业状态", "是否务工", "是否就业", "就业情况", "务工状态", "转移就业状况", "务工状况", "目前就业状态", "现就业状况", "从业状况", "就业状况", "是否在岗", "在岗状态", "在岗情况", "是否外出务工", "是否已就业", "是否在职"];
    Channel = ["就业渠道", "就业方式", "务工渠道", "就业形式"];
    JobType = ["就业类型", "就业类别"];
    Feature = ["特色就业"];
    EmployerNature = ["就业单位性质", "单位性质"];
    Region = ["就业地域", "务工地域", "就业地点", "就业区域", "务工地点", "务工去向", "就业去向", "务工区域", "务工所在地", "务工地", "外出地点", "务工省份"];
    Place = ["就业地址", "务工地址", "工作地址"];
    Employer = ["就业单位", "就业单位名称", "务工单位", "工作单位", "务工企业", "务工企业名称", "企业名称", "用工单位", "公司名称", "单位名称", "用人单位", "用工单位全称", "用工单位名称", "用人单位名称", "聘用单位", "务工单位名称", "务工企业单位名称", "所在企业", "所在单位", "工厂名称", "用工企业", "就业企业", "就业企业名称"];
    JobTitle = ["就业岗位", "就业岗位(工种)", "岗位工种", "务工岗位", "从事工种", "从事岗位", "务工工种", "从事工作", "现从事工作"];
    PostingCode = ["岗位编号", "岗位编码", "岗位代码"];
    StartOn = ["起始时间", "就业起始日期", "就业起始年月", "就业起始时间", "开始时间", "务工起始时间", "上岗时间", "入职时间", "外出务工时间", "外出时间", "就业时间", "务工开始时间", "起止时间", "起止日期", "务工起止时间", "就业起止时间", "起止年月", "入职日期", "到岗时间", "聘用起始时间", "聘用开始时间", "聘用时间", "聘用日期", "开始务工时间", "就业日期", "就业开始时间", "务工起始日期", "开始日期", "起始日期", "务工起始年月"];
    EndOn = ["结束时间", "结束日期", "就业终止日期", "就业终止年月", "就业结束时间", "离职时间", "终止时间", "务工结束时间", "返乡时间", "离职日期", "离岗时间", "离岗日期", "聘用结束时间", "聘用终止时间", "退出时间", "退出日期", "退岗时间", "解聘时间", "务工终止时间", "务工结束日期", "终止日期", "就业结束日期"];
    Income = ["月收入", "月工资", "务工月收入", "工资收入", "月均收入", "外出务工月收入", "平均月收入", "月均工资", "务工收入", "月补贴标准", "月务工收入"];
    ContractUntil = ["合同到期日", "合同期限", "合同截止日期", "合同终止日期", "合同到期时间", "合同终止时间", "劳动合同期限", "合同起止时间", "合同起止日期", "合同期", "聘期", "服务期限", "服务期至"];
    ContractMonths = ["签订合同或协议", "签订合同或协议月", "合同月数"];
    Evidence = ["佐证材料", "就业佐证", "佐证"];
    VerifiedOn = ["核实日期", "核查日期", "核实时间"];
    PartTime = ["是否兼职", "兼职", "非全日制"];

    // Support somebody had, as other systems list it.
    JobSubsidy = ["岗位补贴"];
    InternSubsidy = ["就业见习补贴", "见习补贴"];
    SeekingSubsidy = ["求职补贴", "求职创业补贴"];
    TravelSubsidy = ["转移就业交通补贴", "交通补贴"];
    PayCycle = ["工资发放周期"];
    Policies = ["享受政策", "享受就业政策"];
    Programme = ["苏陕协作", "是否苏陕协作", "东西部协作"];
    TrainingState = ["培训教育状态", "培训状态", "是否参加过培训"];

    // Self-employment.
    BusinessProject = ["创业项目"];
    BusinessName = ["创业单位", "创业单位名称"];
    BusinessPlace = ["创业地址"];
    BusinessStart = ["创业起始日期", "创业起始年月"];
    BusinessEnd = ["创业终止日期", "创业终止年月"];
    BusinessRegistered = ["登记注册", "是否登记注册"];
    BusinessHires = ["带动就业人数"];
    BusinessHiresHelped = ["带动贫困劳动力人数", "带动脱贫劳动力人数"];
    BusinessLoan = ["创业担保贷款"];
    BusinessSubsidy = ["创业补贴", "一次性创业补贴"];

    // Training.
    TrainingKind = ["培训类型", "培训类别"];
    TrainingTrade = ["培训工种", "培训专业", "培训项目", "培训职业", "培训内容", "培训课程", "培训名称", "课程名称"];
    TrainingProvider = ["培训单位名称", "培训机构", "培训单位"];
    TrainingPlace = ["培训地址", "培训单位地址", "培训地点"];
    TrainingStart = ["培训起始日期", "培训开始时间", "培训开始日期", "培训起始时间", "培训时间", "培训日期", "培训起止时间", "培训起止日期", "开班时间", "开班日期"];
    TrainingEnd = ["培训终止日期", "培训结束时间", "培训结束日期", "结业时间", "结业日期"];
    TrainingDays = ["实际培训天数", "培训课时天数"];
    TrainingSubsidy = ["享受生活和交通补贴", "培训补贴"];

    // Postings.
    CreditCode = ["统一社会信用代码", "社会信用代码", "信用代码"];
    EmployerKind = ["企业类型", "单位类型", "企业类别"];
    Industry = ["行业", "所属行业"];
    Address = ["企业地址", "单位地址"];
    PostingTitle = ["岗位名称", "招聘岗位", "岗位", "职位名称", "招聘职位"];
    Occupation = ["工种", "工种名称", "职业名称"];
    Headcount = ["招聘人数", "需求人数", "岗位数", "用工人数", "招工人数", "岗位数量"];
    PayKind = ["计薪方式", "薪资类型", "工资方式"];
    PayMin = ["薪资下限", "最低薪资", "月薪下限", "工资下限"];
    PayMax = ["薪资上限", "最高薪资", "月薪上限", "工资上限"];
    Pay = ["薪资", "薪资待遇", "工资待遇", "月薪", "工资", "薪酬"];
    Shift = ["班次", "班制"];
    WorkHours = ["工作时间", "上班时间", "作息时间"];
    Night = ["夜班", "是否夜班", "有无夜班"];
    Overtime = ["加班", "是否加班", "有无加班"];
    Grade = ["体力等级", "体力劳动强度", "劳动强度等级"];
    Load = ["搬运重量公斤", "搬运重量", "负重公斤"];
    Lifts = ["每小时搬运次数", "搬运次数"];
    ForcedPosture = ["强迫体位流水线", "强迫体位", "固定姿势流水线"];
    Underground = ["井下作业", "矿山井下"];
    Hazards = ["职业危害", "职业病危害", "职业危害因素"];
    /// Age limits in words, of both ends or of each sex.
    AgeWanted = ["年龄要求", "年龄限制", "年龄范围", "年龄段", "招工年龄"];
    SexWanted = ["性别要求", "性别限制", "招工性别"];
    AgeMin = ["最低年龄", "年龄下限"];
    AgeMax = ["最高年龄", "年龄上限"];
    AgeSoft = ["年龄可放宽", "年龄是否可放宽"];
    MustSkills = ["必备技能", "技能要求", "要求技能"];
    NiceSkills = ["加分技能", "优先技能"];
    NeedCertificates = ["需要证书", "证书要求", "要求证书"];
    ExperienceMonths = ["经验月数", "经验要求月数", "工作经验月数"];
    PostingTrainingDays = ["培训天数", "岗前培训天数"];
    WorkPlace = ["工作地点", "岗位地点"];
    Province = ["省份", "工作省份", "所在省份"];
    CommuteMinutes = ["通勤分钟", "通勤时间分钟"];
    BeginOn = ["上岗日期", "到岗日期"];
    ValidFrom = ["有效期起", "发布日期", "招聘开始日期"];
    ValidUntil = ["有效期止", "截止日期", "招聘截止日期", "截止时间", "招聘截止时间"];
    ConfirmedOn = ["最近确认日期"];
    SpecialHours = ["特殊工时批准文号", "特殊工时批复"];
    Description = ["岗位描述", "岗位要求", "岗位职责", "任职要求"];

    /// Column of a file of rejected rows: says what was wrong, and is dropped when the corrected file comes back.
    Problem = ["问题"];
    Note = ["备注", "说明", "备注说明"];
}

impl Field {
    /// The field with this title in any of its spellings.
    #[must_use]
    pub fn of_title(title: &str) -> Option<Self> {
        TITLES.get(normalise_title(title).as_str()).copied()
    }

    /// Read and dropped: it follows from other columns, or must not be kept.
    #[must_use]
    pub const fn is_dropped(self) -> bool {
        matches!(self, Self::Sequence | Self::Age | Self::Derived | Self::Year | Self::DisabilityDetail | Self::Problem)
    }

    /// Known, and kept as words in the note under the field's own title: no rule reads it.
    #[must_use]
    pub const fn is_noted(self) -> bool {
        matches!(
            self,
            Self::RegisteredArea
                | Self::HomeAddress
                | Self::Relocated
                | Self::PovertyState
                | Self::PovertyYear
                | Self::JobSubsidy
                | Self::InternSubsidy
                | Self::SeekingSubsidy
                | Self::TravelSubsidy
                | Self::PayCycle
                | Self::Policies
                | Self::Programme
                | Self::TrainingState
                | Self::BusinessRegistered
                | Self::BusinessHires
                | Self::BusinessHiresHelped
                | Self::BusinessLoan
                | Self::BusinessSubsidy
        )
    }

    /// Of a household rather than of one of its people: a merged cell of such a column speaks for all its rows.
    #[must_use]
    pub const fn is_household(self) -> bool {
        matches!(
            self,
            Self::Community
                | Self::Grid
                | Self::Building
                | Self::Unit
                | Self::HouseholdCode
                | Self::HeadName
                | Self::HeadId
                | Self::HeadPhone
                | Self::Township
                | Self::Monitoring
                | Self::LabourCount
                | Self::WillingCount
                | Self::EmployedCount
                | Self::EmployedNames
                | Self::Helper
                | Self::Care
                | Self::RegisteredArea
                | Self::HomeAddress
        )
    }

    /// Of the columns of a household those no two households share.
    #[must_use]
    pub const fn is_of_one_household(self) -> bool {
        matches!(
            self,
            Self::HouseholdCode
                | Self::HeadName
                | Self::HeadId
                | Self::HeadPhone
                | Self::LabourCount
                | Self::WillingCount
                | Self::EmployedCount
                | Self::EmployedNames
        )
    }

    /// Of a posting what a company says of several at once; how many places there are it never says so.
    #[must_use]
    pub const fn is_of_several_postings(self) -> bool {
        matches!(
            self,
            Self::Employer
                | Self::CreditCode
                | Self::EmployerKind
                | Self::Industry
                | Self::Address
                | Self::WorkPlace
                | Self::Province
                | Self::Region
                | Self::PayKind
                | Self::Pay
                | Self::PayMin
                | Self::PayMax
                | Self::Shift
                | Self::WorkHours
                | Self::ValidFrom
                | Self::ValidUntil
                | Self::BeginOn
        )
    }

    /// The stable name programs use, and what is remembered of a mapping: `id_number`.
    #[must_use]
    pub fn code(self) -> String {
        let mut code = String::new();
        for c in self.variant().chars() {
            if c.is_ascii_uppercase() && !code.is_empty() {
                code.push('_');
            }
            code.push(c.to_ascii_lowercase());
        }
        code
    }

    /// The field of a stable name.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }

    /// The name in words, for readers of English.
    #[must_use]
    pub fn english(self) -> String {
        self.code().replace('_', " ")
    }

    /// The template's title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.titles()[0]
    }
}

static TITLES: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    let titles =
        |field: &Field| field.titles().iter().map(|title| (normalise_title(title), *field)).collect::<Vec<_>>();
    Field::ALL.iter().flat_map(titles).collect()
});

/// A column title without what offices decorate it with: width variants, blanks, line breaks, stars, and anything in brackets.
#[must_use]
pub fn normalise_title(title: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::with_capacity(title.len());
    for c in title.nfkc() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth > 0 || c.is_whitespace() || c.is_control() => {}
            '*' | '※' | ':' | '\u{feff}' | '\u{200b}'..='\u{200f}' => {}
            _ => out.push(c),
        }
    }
    out
}
