//! What the policy speaks of: kinds of objects, and what may be done to them.

use crate::domain::codes::code_list;

code_list! {
    /// What an act is about.
    ObjectKind {
        Area = "area", "区域", "area";
        Household = "household", "住户", "household";
        Resident = "resident", "居民", "resident";
        Spell = "spell", "就业记录", "employment";
        Barrier = "barrier", "困难", "barrier";
        CareDuty = "care_duty", "照护责任", "care duty";
        Exemption = "exemption", "不计入的决定", "exemption";
        Decline = "decline", "拒绝记录", "decline";
        Employer = "employer", "用人单位", "employer";
        Posting = "posting", "岗位", "posting";
        /// The names behind a posting's candidates.
        Candidate = "candidate", "候选人", "candidate";
        /// A candidate as a factory may see one before consent.
        Card = "card", "候选人卡片", "candidate card";
        Skill = "skill", "技能词表", "vocabulary";
        UnmappedName = "unmapped_name", "未识别的技能名称", "unmapped name";
        Run = "run", "推荐批次", "recommendation run";
        Recommendation = "recommendation", "推荐", "recommendation";
        Plan = "plan", "安排计划", "plan";
        /// Who gets which place, and what becomes of each household.
        Placement = "placement", "计划中的安排", "placement of a plan";
        Pin = "pin", "指定或排除", "pin";
        /// Rates and counts.
        Coverage = "coverage", "覆盖情况", "coverage";
        /// The households behind a figure.
        CoverageList = "coverage_list", "覆盖名单", "households behind a figure";
        /// A month as it was reported: figures.
        Report = "report", "月报", "report";
        /// Whom a figure of a report counts.
        ReportList = "report_list", "月报名单", "list of a report";
        Import = "import", "导入", "import";
        Job = "job", "后台任务", "job";
        Setting = "setting", "参数", "setting";
        Account = "account", "账号", "account";
        /// One's own account: password, second factor, sign-ins.
        Session = "session", "本人账号", "own account";
        /// What lets a program in as the account.
        Token = "token", "接口令牌", "API token";
        Consent = "consent", "同意书", "consent";
        Introduction = "introduction", "介绍", "introduction";
        /// A household recognised as having nobody at work.
        Recognition = "recognition", "零就业认定", "recognition";
        Visit = "visit", "走访", "visit";
        /// How many households a counselor visited in a week.
        VisitProgress = "visit_progress", "走访进度", "visiting progress";
        /// What a resident complains of or objects to.
        Concern = "concern", "意见", "concern";
        Referral = "referral", "推荐登记", "referral";
        /// A training course.
        Course = "course", "培训课程", "course";
        /// A resident in a course.
        Enrolment = "enrolment", "培训报名", "enrolment";
        /// What became of facts, for another system to follow.
        Event = "event", "变动记录", "event";
        /// Somebody an employer employs, as far as the job goes; the id is the job's.
        Worker = "worker", "在岗职工", "worker";
        /// What an employer is told.
        Notice = "notice", "通知", "notice";
        /// Name and phone of a candidate who agreed to be introduced.
        Contact = "contact", "候选人联系方式", "contact";
        /// Everything stored about a person; the full ID number or phone.
        PersonalData = "personal_data", "个人信息全文", "personal data in full";
        Approval = "approval", "双人批准", "approval";
        Audit = "audit", "审计记录", "audit";
        /// Figures for outside the community, small cells suppressed.
        Published = "published", "公开数据", "published figures";
        Metrics = "metrics", "运行指标", "metrics";
        /// The description of the interface.
        Document = "document", "接口文档", "interface document";
        /// The service as a whole: keys, backups, health.
        Service = "service", "系统", "service";
    }
}

code_list! {
    Action {
        List = "list", "列出", "list";
        Read = "read", "查看", "read";
        Search = "search", "查找", "search";
        Compute = "compute", "推算", "compute";
        Create = "create", "新增", "create";
        Change = "change", "修改", "change";
        Decide = "decide", "决定", "decide";
    }
}

code_list! {
    /// What must hold between the caller and the object.
    Relation {
        /// Nothing: the object is nobody's in particular.
        Any = "any", "不限", "any";
        /// It lies in an area of the role.
        InReach = "in_reach", "在本人负责的区域内", "in reach";
        /// It lies in an area of the role, and the reason for looking is typed.
        WithReason = "with_reason", "在区域内并说明理由", "in reach, with a reason";
        /// The areas of the role take in every community.
        WholeHouse = "whole_house", "负责全部社区", "in charge of every community";
        /// It is the employer's own.
        OwnEmployer = "own_employer", "本单位的", "the employer's own";
        /// It is the account's own.
        Own = "own", "本人的", "the account's own";
    }
}
