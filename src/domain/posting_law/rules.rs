//! The rules a posting can break, each with its article.

use crate::domain::codes::code_list;
use crate::domain::text::Label;
use crate::domain::work_limits::WOMEN_ARTICLE;

code_list! {
    LawRule {
        Sex = "sex", "限定或优先某一性别", "limits or prefers one sex";
        SexByLaw = "sex_by_law", "属女职工禁忌劳动，可限男性", "work forbidden to women, may ask for men";
        Marriage = "marriage", "涉及婚姻、生育或子女", "about marriage, pregnancy or children";
        Carrier = "carrier", "涉及乙肝等病原携带", "about hepatitis B or another infection carried";
        Disability = "disability", "排斥残疾人", "shuts out disabled people";
        Ethnicity = "ethnicity", "限定或优先某一民族", "limits or prefers an ethnic group";
        Religion = "religion", "涉及宗教信仰", "about religion";
        Race = "race", "涉及种族", "about race";
        Registration = "registration", "限定或优先户籍、地域", "limits or prefers household registration or origin";
        Fee = "fee", "收取费用、押金或担保", "takes a fee, deposit or guarantee";
        Documents = "documents", "扣留身份证或其他证件", "keeps an ID document or certificate";
        UnderSixteen = "under_sixteen", "招用未满16周岁的人", "asks for people under 16";
        AgeLimit = "age_limit", "设有年龄限制", "limits the age";
        BelowMinimumWage = "below_minimum_wage", "薪资低于当地最低工资", "pay below the local minimum wage";
        NoMinimumWage = "no_minimum_wage", "尚未录入当地最低工资标准，无法核对薪资", "no minimum wage on file, pay was not compared";
        MissingEmployer = "missing_employer", "缺少用人单位名称", "employer missing";
        MissingHeadcount = "missing_headcount", "缺少招聘人数", "headcount missing";
        MissingWork = "missing_work", "缺少工作内容", "kind of work missing";
        MissingConditions = "missing_conditions", "缺少录用条件（工时、技能、证书、经验、描述均未填）", "conditions missing: no hours, skills, certificates, experience or description";
        MissingPlace = "missing_place", "缺少工作地点", "place of work missing";
        MissingPay = "missing_pay", "缺少基本劳动报酬", "base pay missing";
        MissingHazards = "missing_hazards", "未说明有无职业危害", "occupational hazards not stated";
        NoCreditCode = "no_credit_code", "用人单位没有统一社会信用代码，须核实是否依法登记", "the employer has no unified social credit code: find out whether it is registered";
        DailyHours = "daily_hours", "每日工作时间超过法定上限", "daily hours above the limit";
        Overtime = "overtime", "加班每月超过36小时", "overtime above 36 hours a month";
        RestDay = "rest_day", "每周没有至少一天休息", "no rest day a week";
        LongHours = "long_hours", "超过法定标准工时，超出部分应作为加班支付", "above standard hours, the excess is paid overtime";
        PartTimeHours = "part_time_hours", "非全日制用工日均超过4小时或每周超过24小时", "part-time work above 4 hours a day on average or 24 hours a week";
        HoursByApproval = "hours_by_approval", "已有特殊工时批准文号", "special hours approved";
    }
}

impl LawRule {
    /// The article the rule rests on (law.md §3 and §5).
    #[must_use]
    pub const fn article(self) -> Label {
        let (zh, en) = match self {
            Self::Sex => (
                "《就业促进法》第二十七条、《妇女权益保障法》第四十三条",
                "Employment Promotion Law art. 27; Law on Women's Rights art. 43",
            ),
            Self::SexByLaw => return WOMEN_ARTICLE,
            Self::Marriage => ("《妇女权益保障法》第四十三条", "Law on Women's Rights art. 43"),
            Self::Carrier => ("《就业促进法》第三十条", "Employment Promotion Law art. 30"),
            Self::Disability => (
                "《就业促进法》第二十九条、《残疾人保障法》第三十八条",
                "Employment Promotion Law art. 29; Law on Disabled Persons art. 38",
            ),
            Self::Ethnicity => ("《就业促进法》第三条、第二十八条", "Employment Promotion Law arts. 3, 28"),
            Self::Religion | Self::Race => {
                ("《就业促进法》第三条、《劳动法》第十二条", "Employment Promotion Law art. 3; Labour Law art. 12")
            }
            Self::Registration => (
                "《就业促进法》第三十一条、《人力资源市场暂行条例》第十一条",
                "Employment Promotion Law art. 31; Regulations on the Human Resources Market art. 11",
            ),
            Self::Fee => (
                "《劳动合同法》第九条、第八十四条、《就业促进法》第四十一条",
                "Labour Contract Law arts. 9, 84; Employment Promotion Law art. 41",
            ),
            Self::Documents => (
                "《劳动合同法》第九条、《居民身份证法》第十五条",
                "Labour Contract Law art. 9; Resident Identity Card Law art. 15",
            ),
            Self::UnderSixteen => (
                "《劳动法》第十五条、《禁止使用童工规定》第二条",
                "Labour Law art. 15; Rules against Child Labour art. 2",
            ),
            Self::AgeLimit => {
                ("国家法律未禁止，应与岗位有关", "no national law forbids it; it should follow from the work")
            }
            Self::BelowMinimumWage | Self::NoMinimumWage => ("《劳动法》第四十八条", "Labour Law art. 48"),
            Self::MissingEmployer
            | Self::MissingHeadcount
            | Self::MissingWork
            | Self::MissingConditions
            | Self::MissingPlace
            | Self::MissingPay => (
                "《人力资源市场暂行条例》第二十四条、《劳动合同法》第八条",
                "Regulations on the Human Resources Market art. 24; Labour Contract Law art. 8",
            ),
            Self::NoCreditCode => (
                "《就业促进法》第四十一条、《人力资源市场暂行条例》第十五条",
                "Employment Promotion Law art. 41; Regulations on the Human Resources Market art. 15",
            ),
            Self::MissingHazards => ("《职业病防治法》第三十三条", "Law on Occupational Diseases art. 33"),
            Self::DailyHours | Self::Overtime => ("《劳动法》第四十一条", "Labour Law art. 41"),
            Self::RestDay => ("《劳动法》第三十八条", "Labour Law art. 38"),
            Self::LongHours => ("《劳动法》第三十六条、第四十四条", "Labour Law arts. 36, 44"),
            Self::PartTimeHours => ("《劳动合同法》第六十八条", "Labour Contract Law art. 68"),
            Self::HoursByApproval => ("《劳动法》第三十九条", "Labour Law art. 39"),
        };
        Label { zh, en }
    }
}
