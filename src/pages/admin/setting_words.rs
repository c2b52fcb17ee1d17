//! What each setting is called, for people; one that has no name here is shown by its key.

use crate::app::settings as s;
use crate::domain::text::Label;

/// Settings of one kind.
pub(super) struct Group {
    pub code: &'static str,
    pub title: Label,
    pub settings: &'static [Named],
}

/// A setting, its name and the unit of its value.
pub(super) struct Named {
    pub key: &'static str,
    pub name: Label,
    pub unit: Label,
}

const NOTHING: Label = Label { zh: "", en: "" };
const DAYS: Label = Label { zh: "天", en: "days" };
const WORKING_DAYS: Label = Label { zh: "个工作日", en: "working days" };
const MONTHS: Label = Label { zh: "个月", en: "months" };
const TIMES: Label = Label { zh: "次", en: "times" };

const fn named(key: &'static str, zh: &'static str, en: &'static str, unit: Label) -> Named {
    Named { key, name: Label { zh, en }, unit }
}

pub(super) const GROUPS: &[Group] = &[
    Group {
        code: "counting",
        title: Label { zh: "怎么算覆盖", en: "Counting coverage" },
        settings: &[
            named(s::LABOUR_AGE_FROM, "劳动年龄下限", "Labour age from", Label { zh: "周岁", en: "years" }),
            named(s::LABOUR_AGE_TO, "劳动年龄上限", "Labour age to", Label { zh: "周岁", en: "years" }),
            named(s::FARMING_COUNTS, "务农算不算就业", "Farming counts as employment", NOTHING),
            named(s::DECENT_PAY, "体面收入线", "Decent pay from", Label { zh: "元/月", en: "yuan a month" }),
            named(s::VERIFIED_DAYS, "佐证多久内算核实过", "Evidence verifies for", DAYS),
            named(s::AT_RISK_DAYS, "单人就业提前多久提醒", "Single earner at risk within", DAYS),
            named(
                s::MINIMUM_WAGE_MONTHLY,
                "本地月最低工资",
                "Lowest wage here",
                Label { zh: "元/月", en: "yuan a month" },
            ),
            named(
                s::MINIMUM_WAGE_HOURLY,
                "本地小时最低工资",
                "Lowest hourly wage here",
                Label { zh: "分/小时", en: "fen an hour" },
            ),
            named(
                s::PLAN_WEIGHT_MONITORED,
                "方案里监测户的分量（别的户是 1）",
                "Weight of a monitored household in a plan (others: 1)",
                NOTHING,
            ),
        ],
    },
    Group {
        code: "clock",
        title: Label { zh: "零就业户时限", en: "The clock of a household" },
        settings: &[
            named(s::CLOCK_FIRST_SERVICE_DAYS, "认定后多久内第一次服务", "First service within", WORKING_DAYS),
            named(s::CLOCK_COVER_DAYS, "认定后多久内做完全部服务", "Everything within", WORKING_DAYS),
            named(s::CLOCK_GUIDANCE, "职业指导", "Guidance owed", TIMES),
            named(s::CLOCK_OFFERS, "岗位推荐", "Offers owed", TIMES),
            named(s::CLOCK_TRAINING_OFFERS, "培训推荐", "Training offers owed", TIMES),
            named(
                s::EXIT_SUITABLE_REFUSALS,
                "拒绝几次合适岗位可以退出",
                "Suitable offers refused before an exit",
                TIMES,
            ),
            named(
                s::EXIT_UNREACHABLE_ATTEMPTS,
                "几次联系不上可以退出",
                "Attempts that reached nobody before an exit",
                TIMES,
            ),
            named(s::FOLLOW_UP_DAYS, "回访几天内算按时", "A follow-up is in time for", DAYS),
        ],
    },
    Group {
        code: "visits",
        title: Label { zh: "走访和意见", en: "Visits and concerns" },
        settings: &[
            named(
                s::VISIT_WEEKLY_TARGET,
                "每名专干每周走访",
                "Visits of a counselor in a week",
                Label { zh: "户", en: "households" },
            ),
            named(
                s::VISIT_EVERY_WEEKS,
                "每户至少多久走访一次",
                "Every household is visited within",
                Label { zh: "周", en: "weeks" },
            ),
            named(s::CONCERN_ANSWER_DAYS, "意见多久内答复", "A concern is answered within", WORKING_DAYS),
            named(s::CONCERN_LEVEL_DAYS, "超时后每级再给", "Each level has, once it is late", WORKING_DAYS),
        ],
    },
    Group {
        code: "referrals",
        title: Label { zh: "推荐和岗位", en: "Referrals and postings" },
        settings: &[
            named(s::REFERRAL_REMINDER_DAYS, "企业多久不答复就提醒", "An employer is reminded after", DAYS),
            named(s::REFERRAL_EXPIRY_DAYS, "推荐多久没动静就关闭", "A referral closes after", DAYS),
            named(s::POSTING_CONFIRMATION_DAYS, "岗位多久没确认就下架", "A posting comes down after", DAYS),
        ],
    },
    Group {
        code: "sign-in",
        title: Label { zh: "登录和公开", en: "Signing in, and publishing" },
        settings: &[
            named(s::PASSWORD_POLICY, "密码规则", "Rules for passwords", NOTHING),
            named(
                s::PASSWORD_MIN_LENGTH,
                "密码至少",
                "A password has at least",
                Label { zh: "个字符", en: "characters" },
            ),
            named(s::PASSWORD_DAYS, "等保规则下密码多久一换", "Under the graded rules a password holds", DAYS),
            named(s::SECOND_FACTOR_REQUIRED, "哪些角色要两步验证", "Roles that need a second factor", NOTHING),
            named(
                s::SESSION_IDLE_MINUTES,
                "多久不用就退出",
                "A sign-in ends unused after",
                Label { zh: "分钟", en: "minutes" },
            ),
            named(s::SESSION_HOURS, "登录最长", "A sign-in lasts at most", Label { zh: "小时", en: "hours" }),
            named(s::SMALL_CELL_THRESHOLD, "公开数字少于多少不显示", "Published counts below this are hidden", NOTHING),
        ],
    },
    Group {
        code: "retention",
        title: Label { zh: "记录保存多久", en: "How long records are kept" },
        settings: &[
            named(s::RETENTION_AUDIT_MONTHS, "审计记录", "Audit entries", MONTHS),
            named(s::RETENTION_SESSIONS_MONTHS, "已退出的登录", "Sign-ins that ended", MONTHS),
            named(s::RETENTION_EMPLOYMENT_MONTHS, "已删除的人的就业记录", "Jobs of a deleted person", MONTHS),
            named(s::RETENTION_PROVISION_MONTHS, "同意书和介绍", "Consents and introductions", MONTHS),
            named(s::RETENTION_NOTICES_MONTHS, "给企业的通知", "Notices to employers", MONTHS),
            named(s::RETENTION_POSTINGS_MONTHS, "已关闭的岗位", "Closed postings", MONTHS),
            named(s::RETENTION_VISITS_MONTHS, "走访记录", "Visits", MONTHS),
            named(s::RETENTION_CONCERNS_MONTHS, "已办结的意见", "Closed concerns", MONTHS),
            named(s::RETENTION_EVENTS_MONTHS, "被后来的变动取代的变动记录", "Superseded events", MONTHS),
            named(s::RETENTION_REJECTED_ROWS_DAYS, "导入时退回的行", "Rows sent back from imports", DAYS),
            named(s::RETENTION_FINDINGS_MONTHS, "导入时发现的问题", "What was found in imports", MONTHS),
            named(s::RETENTION_JOBS_DAYS, "任务的文件和结果", "Files and results of jobs", DAYS),
        ],
    },
];

/// A value as people say it, if it is a word of a closed list.
pub(super) fn value(value: &str) -> Option<Label> {
    Some(match value {
        "true" => Label { zh: "算", en: "yes" },
        "false" => Label { zh: "不算", en: "no" },
        "none" => Label { zh: "都不要", en: "none" },
        "asvs" => Label { zh: "要长，不定期换（asvs）", en: "long, never expiring (asvs)" },
        "mlps" => Label {
            zh: "等保：三类字符，定期换（mlps）",
            en: "graded protection: three kinds, replaced in time (mlps)",
        },
        _ => return None,
    })
}
