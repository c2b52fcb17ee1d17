//! Code lists of privacy: purposes, legal bases, consents, introductions, approvals.

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
