//! What is told of as it happens, so that another system can follow.

use super::codes::code_list;

code_list! {
    /// A fact, as events call it.
    EventKind {
        Area = "area", "区域", "area";
        Household = "household", "住户", "household";
        HouseholdEvent = "household_event", "住户变动", "change of a household";
        Exemption = "exemption", "不计入的决定", "exemption";
        Membership = "membership", "户内成员", "membership";
        Resident = "resident", "居民", "resident";
        Employment = "employment", "就业记录", "employment";
        Barrier = "barrier", "就业困难", "barrier";
        Consent = "consent", "同意", "consent";
        Decline = "decline", "拒绝岗位", "decline";
        Employer = "employer", "用人单位", "employer";
        Posting = "posting", "岗位", "posting";
        Referral = "referral", "推荐登记", "referral";
        ReferralMove = "referral_move", "推荐进展", "step of a referral";
        Recognition = "recognition", "零就业认定", "recognition";
        Service = "service", "帮扶服务", "service to a household";
        FollowUp = "follow_up", "就业回访", "follow-up";
        Visit = "visit", "走访", "visit";
        VisitFinding = "visit_finding", "走访所见", "finding of a visit";
        Concern = "concern", "意见", "concern";
        Course = "course", "培训课程", "course";
        Enrolment = "enrolment", "培训报名", "enrolment";
        EnrolmentMove = "enrolment_move", "培训进展", "step of an enrolment";
        Attendance = "attendance", "到课", "attendance";
        SkillEvidence = "skill_evidence", "培训所得技能", "skill shown by a course";
        PlanAdoption = "plan_adoption", "采用计划", "adoption of a plan";
        Report = "report", "月报", "report";
        ReportSignature = "report_signature", "月报签发", "signature of a report";
        Setting = "setting", "参数", "setting";
    }
}

code_list! {
    /// What became of it.
    EventOperation {
        Created = "created", "新增", "created";
        Changed = "changed", "修改", "changed";
        Removed = "removed", "删除", "removed";
    }
}
