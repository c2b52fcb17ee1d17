//! Wording that breaks a rule, one table. Matched after [`super::lawful`] was taken out.

use super::matcher::Part::{self, Digit, End, Gap, Is, Maybe, Not, Person, Start};
use super::words::{
    AWAY, CARRIER, COST, DISABLED, DOCUMENT, ETHNIC, FEE, JOBS, KEEP, LINK, LOCAL, ONLY, PAY_OVER, PREFER, PROVINCES,
    REFUSE, SEEK, SUFFIX, TOWN_OR_VILLAGE,
};
use super::{LawLevel, LawRule};

const PLAIN: Part = Person { loose: false };
const LOOSE: Part = Person { loose: true };

/// Patterns about a person's sex. `excludes`: the words name who is not wanted.
#[derive(Clone, Copy, Debug)]
pub struct SexPattern {
    pub parts: &'static [Part],
    pub excludes: bool,
    /// Only a different age for each sex, as in `男50岁以下，女45岁以下`.
    pub by_age: bool,
}

const fn wants(parts: &'static [Part]) -> SexPattern {
    SexPattern { parts, excludes: false, by_age: false }
}

const fn shuts_out(parts: &'static [Part]) -> SexPattern {
    SexPattern { parts, excludes: true, by_age: false }
}

const COUNT: &[&str] = &["名", "个", "位", "人", "岁", "以下", "以内", "以上"];
const COUNTER: &[&str] = &["名", "个", "位", "人", "若干", "数名"];

pub const SEX: &[SexPattern] = &[
    shuts_out(&[
        PLAIN,
        Maybe(SUFFIX),
        Maybe(&["者", "的", "请"]),
        Maybe(&["一律", "就", "请", "都", "均", "概"]),
        Is(AWAY),
    ]),
    shuts_out(&[Is(REFUSE), Maybe(&["任何", "招", "用", "录", "聘"]), PLAIN]),
    SexPattern {
        parts: &[
            PLAIN,
            Maybe(SUFFIX),
            Maybe(&["年龄", "在"]),
            Digit,
            Maybe(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
            Gap(3),
            Is(&["岁", "周岁"]),
        ],
        excludes: false,
        by_age: true,
    },
    wants(&[Is(ONLY), Maybe(LINK), LOOSE, Not(&["jing", "chang", "ning", "yang"])]),
    wants(&[Is(SEEK), Maybe(&["聘"]), PLAIN]),
    wants(&[LOOSE, Maybe(SUFFIX), Maybe(&["者", "们", "的"]), Gap(2), Is(PREFER)]),
    wants(&[
        Is(&["性别", "gender", "sex", "xingbie"]),
        Maybe(&["要求", "限制", "限", "为", "是", "仅", "只"]),
        Maybe(&["仅限", "限", "只", "为", "是", "招"]),
        LOOSE,
    ]),
    wants(&[Start, PLAIN]),
    wants(&[PLAIN, Maybe(&["性", "生", "士", "工", "的"]), End]),
    wants(&[Is(COUNT), Maybe(&["的", "左右", "健康", "身体健康", "年轻"]), PLAIN]),
    wants(&[Digit, PLAIN]),
    wants(&[PLAIN, Maybe(SUFFIX), Digit]),
    wants(&[PLAIN, Is(COUNTER)]),
    wants(&[PLAIN, Maybe(&["性", "士", "生"]), Is(JOBS)]),
];

/// A pattern with the rule it breaks.
#[derive(Clone, Copy, Debug)]
pub struct TextPattern {
    pub parts: &'static [Part],
    pub rule: LawRule,
    pub level: LawLevel,
}

const fn block(rule: LawRule, parts: &'static [Part]) -> TextPattern {
    TextPattern { parts, rule, level: LawLevel::Block }
}

const fn warn(rule: LawRule, parts: &'static [Part]) -> TextPattern {
    TextPattern { parts, rule, level: LawLevel::Warn }
}

const CHILD: &[&str] = &["小孩", "孩子", "子女", "宝宝", "娃", "儿女"];
const CHILDBEARING: &[&str] = &[
    "怀孕",
    "生育",
    "结婚",
    "备孕",
    "恋爱",
    "生小孩",
    "生孩子",
    "要小孩",
    "要孩子",
    "生二胎",
    "二胎",
    "三胎",
    "huaiyun",
    "怀yun",
    "婚育",
];
const RELIGION: &[&str] = &["基督徒", "佛教徒", "穆斯林", "天主教徒", "回民", "信徒", "教徒", "信教", "信佛", "伊斯兰"];
const RACE: &[&str] = &["白种人", "黑种人", "黄种人", "有色人种", "白人", "黑人"];
const DEMAND: &[&str] = &[
    "仅限",
    "只限",
    "限于",
    "限",
    "只招",
    "仅招",
    "只要",
    "仅要",
    "只收",
    "要求",
    "必须",
    "须",
    "需",
    "是",
    "为",
    "不要",
    "不招",
    "不收",
    "不用",
    "拒绝",
    "谢绝",
    "拒招",
    "拒收",
    "排除",
    "除",
    "非",
    "不考虑",
    "不接受",
    "不录用",
    "优先",
];
const BOUND: &[&str] = &["为", "是", "招", "聘", "有", "收", "录用", "任何"];
const PERSON: &[&str] = &["人", "人员", "者", "的", "员工", "同胞", "籍"];

/// Patterns tried on the text **before** lawful wording is taken out: lawful words stand inside them.
pub const RAW: &[TextPattern] = &[
    block(
        LawRule::Marriage,
        &[
            Is(&["无", "没有", "未有", "暂无", "没", "不能有", "无需照顾"]),
            Is(CHILD),
            Is(&["优先", "者", "拖累", "牵挂", "负担", "的", "|"]),
        ],
    ),
    block(LawRule::Marriage, &[Is(&["有", "带"]), Is(CHILD), Is(&["者", "的"]), Maybe(&["请"]), Is(AWAY)]),
    block(LawRule::Marriage, &[Is(&["是否", "有无"]), Maybe(&["有", "生", "生育"]), Is(CHILD)]),
    block(
        LawRule::Fee,
        &[
            Is(&["押", "压"]),
            Maybe(&["半", "一", "二", "两", "1", "2", "7", "10", "15", "20", "30"]),
            Maybe(&["个"]),
            Is(&["月", "天", "日"]),
            Maybe(&["的"]),
            Is(&["工资", "薪"]),
        ],
    ),
    block(
        LawRule::Disability,
        &[
            Is(REFUSE),
            Maybe(&["招收", "录用", "任何", "招", "用", "收"]),
            Is(DISABLED),
            Not(&["任何", "费", "的费", "证"]),
        ],
    ),
];

pub const TEXT: &[TextPattern] = &[
    // Marriage and children (妇女权益保障法 art. 43).
    block(
        LawRule::Marriage,
        &[Is(&[
            "已婚", "未婚", "己婚", "巳婚", "末婚", "已育", "未育", "己育", "末育", "离异", "离婚", "丧偶", "weihun",
            "yihun", "未hun", "已hun", "未昏", "已昏", "单身",
        ])],
    ),
    block(
        LawRule::Marriage,
        &[Is(&["婚否", "婚姻", "婚育", "孕检", "验孕", "查孕", "妊娠", "无孕", "未孕", "孕测", "孕前检查", "早孕"])],
    ),
    block(
        LawRule::Marriage,
        &[
            Is(&[
                "不得", "不能", "不准", "不可", "禁止", "承诺", "保证", "年内", "期内", "期间", "暂无", "无", "没有",
                "近期", "不", "短期", "未",
            ]),
            Gap(4),
            Is(CHILDBEARING),
        ],
    ),
    block(
        LawRule::Marriage,
        &[
            Is(&["孕妇", "怀孕", "备孕", "哺乳期", "孕期"]),
            Maybe(&["者", "女性", "妇女", "的", "期"]),
            Gap(2),
            Is(&["勿扰", "勿投", "免谈", "除外", "不要", "不招", "不收", "辞退", "离职", "谢绝", "勿", "不予", "解除"]),
        ],
    ),
    block(
        LawRule::Marriage,
        &[Is(REFUSE), Maybe(&["招", "用", "录", "聘"]), Is(&["孕妇", "怀孕", "备孕", "哺乳期", "孕期"])],
    ),
    block(
        LawRule::Marriage,
        &[Is(&["结婚", "生育", "怀孕"]), Gap(3), Is(&["优先", "情况", "计划", "意愿", "打算", "状况"])],
    ),
    // Carriers (就业促进法 art. 30).
    block(LawRule::Carrier, &[Is(CARRIER)]),
    // Disability (就业促进法 art. 29).
    block(
        LawRule::Disability,
        &[Is(&["无", "没有", "非", "不得有", "不能有", "不带", "排除", "限无", "未", "no"]), Is(DISABLED)],
    ),
    block(LawRule::Disability, &[Is(DISABLED), Maybe(&["一律", "请", "的", "者", "恕", "概"]), Gap(2), Is(AWAY)]),
    warn(LawRule::Disability, &[Is(&["四肢健全", "肢体健全", "身体健全", "手脚健全", "四肢完整", "身体无缺陷"])]),
    // Ethnicity, religion, race (就业促进法 arts. 3, 28).
    block(LawRule::Ethnicity, &[Is(DEMAND), Maybe(BOUND), Is(ETHNIC)]),
    block(LawRule::Ethnicity, &[Is(ETHNIC), Maybe(PERSON), Gap(2), Is(AWAY)]),
    block(LawRule::Ethnicity, &[Is(ETHNIC), Maybe(PERSON), Gap(1), Is(PREFER)]),
    block(
        LawRule::Ethnicity,
        &[Is(&["民族"]), Maybe(&["要求", "限制", "限", "为", "是"]), Maybe(&["仅限", "限", "为", "是"]), Is(ETHNIC)],
    ),
    block(LawRule::Ethnicity, &[Is(&["民族汉", "minzuhan", "民族要求汉", "民族限汉"]), Not(&["语"])]),
    block(LawRule::Ethnicity, &[Start, Is(&["汉族", "汉人"]), End]),
    block(LawRule::Religion, &[Is(RELIGION)]),
    block(
        LawRule::Religion,
        &[Is(&["宗教信仰", "宗教", "信仰"]), Gap(3), Is(&["者", "要求", "限", "勿", "不", "优先", "免", "的"])],
    ),
    block(
        LawRule::Religion,
        &[Is(&["无", "没有", "有", "限", "不得有", "不能有", "不信"]), Is(&["宗教", "信仰", "佛", "基督"])],
    ),
    block(LawRule::Race, &[Is(DEMAND), Maybe(BOUND), Is(RACE)]),
    block(LawRule::Race, &[Is(RACE), Gap(2), Is(AWAY)]),
    block(LawRule::Race, &[Is(RACE), Gap(1), Is(PREFER)]),
    // Registration and origin (就业促进法 art. 31).
    block(
        LawRule::Registration,
        &[Is(TOWN_OR_VILLAGE), Maybe(&["户"]), Is(&["户口", "户籍", "口", "hukou", "沪口", "户囗", "戶口"])],
    ),
    block(LawRule::Registration, &[Is(DEMAND), Gap(6), Is(&["户口", "户籍", "籍贯", "hukou"])]),
    block(LawRule::Registration, &[Is(PROVINCES), Maybe(&["省", "市"]), Is(&["户口", "户籍"])]),
    block(
        LawRule::Registration,
        &[
            Is(&["户口", "户籍", "籍贯", "原籍"]),
            Gap(3),
            Is(&["优先", "勿", "除外", "免谈", "不要", "不招", "要求", "限", "人员", "者"]),
        ],
    ),
    block(LawRule::Registration, &[Is(&["户口", "户籍", "籍贯"]), Maybe(&["要求", "限", "为", "是"]), Is(PROVINCES)]),
    block(
        LawRule::Registration,
        &[Is(&["户口", "户籍", "籍贯"]), Maybe(&["要求", "限", "为", "是"]), Is(TOWN_OR_VILLAGE)],
    ),
    block(LawRule::Registration, &[Is(LOCAL), Maybe(PERSON), Gap(2), Is(AWAY)]),
    block(LawRule::Registration, &[Is(LOCAL), Is(&["人", "籍", "户", "人员", "务工人员"]), Gap(2), Is(PREFER)]),
    block(
        LawRule::Registration,
        &[Is(REFUSE), Maybe(&["招", "任何"]), Is(LOCAL), Maybe(&["人", "籍", "户", "的", "务工", "人员"])],
    ),
    block(
        LawRule::Registration,
        &[
            Is(&["仅限", "只限", "限", "只招", "仅招", "只要", "只收", "要求", "必须", "须"]),
            Maybe(BOUND),
            Is(LOCAL),
            Is(&["人", "籍", "户", "居民", "员工", "常住", "的"]),
        ],
    ),
    block(LawRule::Registration, &[Is(&["仅限", "只限", "限", "只招", "只要"]), Maybe(BOUND), Is(LOCAL), End]),
    block(
        LawRule::Registration,
        &[Is(PROVINCES), Maybe(&["省", "市"]), Maybe(&["的"]), Is(&["人", "籍", "的"]), Gap(2), Is(AWAY)],
    ),
    block(LawRule::Registration, &[Is(PROVINCES), Maybe(&["省", "市"]), Is(AWAY)]),
    block(
        LawRule::Registration,
        &[Is(PROVINCES), Maybe(&["省", "市"]), Is(&["人", "籍"]), Maybe(&["士"]), Gap(1), Is(PREFER)],
    ),
    block(
        LawRule::Registration,
        &[
            Is(&["仅限", "只限", "限", "只招", "只要", "不要", "不招", "不收", "拒招", "谢绝", "拒绝", "除", "要求"]),
            Maybe(BOUND),
            Is(PROVINCES),
            Maybe(&["省", "市"]),
            Is(&["人", "籍", "户", "的"]),
        ],
    ),
    block(LawRule::Registration, &[Is(&["bendiren", "waidiren", "bendihukou"])]),
    // Fees and documents (劳动合同法 art. 9).
    block(LawRule::Fee, &[Is(&["交钱", "缴钱", "交费", "缴费"]), Gap(2), Is(&["入职", "上岗", "报名", "面试"])]),
    block(
        LawRule::Fee,
        &[
            Is(&["入职", "上岗", "报名", "面试"]),
            Maybe(&["先", "需", "须", "要", "前", "前先", "前需"]),
            Is(&["交", "缴"]),
            Digit,
        ],
    ),
    block(LawRule::Fee, &[Is(&["先交", "先缴", "需交", "须交", "需缴", "须缴"]), Digit]),
    block(LawRule::Fee, &[Is(FEE)]),
    block(LawRule::Fee, &[Is(PAY_OVER), Gap(4), Is(COST), Maybe(&["费", "款", "押金"]), Gap(2), Digit]),
    block(
        LawRule::Fee,
        &[
            Is(&["缴纳", "交纳", "缴", "交", "收取", "收", "付", "扣除", "扣"]),
            Gap(2),
            Is(&["培训费", "体检费", "材料费", "资料费", "办证费", "信息费", "手续费", "工牌费", "工装费", "服装"]),
        ],
    ),
    block(
        LawRule::Fee,
        &[
            Is(&["培训费", "材料费", "资料费", "办证费", "服装", "工装", "工作服"]),
            Maybe(&["费用", "费"]),
            Gap(1),
            Is(&["自理", "自付", "自费", "自行承担", "从工资", "由员工", "由个人", "个人承担"]),
        ],
    ),
    block(LawRule::Fee, &[Is(&["培训费", "资料费", "办证费", "工牌费"]), Maybe(&["用", "为", "每人", "共"]), Digit]),
    warn(LawRule::Fee, &[Is(&["体检费", "体检费用"]), Gap(1), Is(&["自理", "自付", "自费", "自行承担", "个人承担"])]),
    block(
        LawRule::Documents,
        &[
            Is(KEEP),
            Maybe(&["员工", "你的", "您的", "本人", "其", "个人", "存", "在厂", "公司", "一下", "住", "下"]),
            Is(DOCUMENT),
        ],
    ),
    block(
        LawRule::Documents,
        &[
            Is(DOCUMENT),
            Maybe(&["原件"]),
            Gap(3),
            Is(&[
                "抵押",
                "扣押",
                "押在",
                "押公司",
                "押厂",
                "押给",
                "质押",
                "扣留",
                "交公司",
                "交厂",
                "交给",
                "上交",
                "统一保管",
                "公司保管",
                "厂里保管",
                "代为保管",
                "代管",
                "放公司",
                "押",
                "扣",
            ]),
        ],
    ),
    block(LawRule::Documents, &[Is(&["押证", "压证", "扣证", "yazheng"])]),
    // Under sixteen (劳动法 art. 15).
    block(LawRule::UnderSixteen, &[Is(&["童工", "tonggong", "瞳工"])]),
    block(
        LawRule::UnderSixteen,
        &[
            Is(&["未满", "不满", "未到"]),
            Is(&["16", "十六", "15", "十五", "14", "十四"]),
            Maybe(&["周岁", "岁"]),
            Maybe(&["者", "的", "人员"]),
            Is(&["可", "也", "亦", "均", "能", "行", "要", "欢迎", "优先"]),
        ],
    ),
    block(
        LawRule::UnderSixteen,
        &[
            Is(&["招收", "招", "可招", "接收", "录用", "收", "欢迎"]),
            Maybe(&["聘"]),
            Is(&["未满", "不满", "未到"]),
            Is(&["16", "十六", "15", "十五"]),
        ],
    ),
    block(
        LawRule::UnderSixteen,
        &[
            Is(&["初中在读", "初中在校生", "初中在校", "小学生", "初中生"]),
            Maybe(&["也", "均", "都"]),
            Is(&["可", "优先", "欢迎", "兼职", "暑假工", "寒假工"]),
        ],
    ),
    // Hours told in words (劳动法 arts. 38, 41).
    block(
        LawRule::RestDay,
        &[Is(&[
            "全年无休",
            "无休息日",
            "没有休息日",
            "无休",
            "月休0天",
            "月休1天",
            "月休2天",
            "月休3天",
            "月休一天",
            "月休两天",
            "月休二天",
            "月休三天",
            "每月休1天",
            "每月休2天",
            "每月休3天",
            "每月休息1天",
            "每月休息2天",
            "每月休息3天",
            "每月休息两天",
            "每月休两天",
            "每周7天",
            "一周七天",
            "每周七天",
            "周休0天",
        ])],
    ),
    block(
        LawRule::Overtime,
        &[Is(&["996工作", "996制", "实行996", "996上班", "接受996", "适应996", "能接受996", "007工作", "007制"])],
    ),
    block(LawRule::RestDay, &[Is(&["没有休息", "无休息"]), Not(&["室", "区", "间"])]),
    block(
        LawRule::RestDay,
        &[Is(&["个月休", "个月休息"]), Is(&["0", "1", "2", "3", "一", "两", "二", "三"]), Is(&["天", "日"])],
    ),
    block(LawRule::Overtime, &[Is(&["点996", "班996", "间996", "行996"])]),
    block(LawRule::Overtime, &[Start, Is(&["996", "007"]), End]),
    // Age as a limit is shown, not refused: no national law names it.
    warn(
        LawRule::AgeLimit,
        &[
            Is(&["90后", "95后", "00后", "80后", "85后", "70后", "九零后", "八零后"]),
            Gap(2),
            Is(&["优先", "为主", "only", "佳", "勿"]),
        ],
    ),
    warn(
        LawRule::AgeLimit,
        &[Is(&["限", "只招", "只要", "仅限"]), Is(&["90后", "95后", "00后", "80后", "年轻人", "中老年"])],
    ),
];

/// Strong words, looked for across sentence marks as well: `乙、肝`, `限（男）`.
pub const ACROSS: &[TextPattern] = &[
    block(LawRule::Carrier, &[Is(&["乙肝", "hbv", "hbsag", "大三阳", "小三阳"])]),
    block(LawRule::Fee, &[Is(&["押金", "保证金"])]),
    block(LawRule::Documents, &[Is(&["押身份证", "扣身份证", "压身份证", "扣押身份证"])]),
    block(LawRule::Marriage, &[Is(&["未婚", "已婚"])]),
];

/// The same for sex.
pub const SEX_ACROSS: &[SexPattern] = &[
    wants(&[Is(&["限", "只招", "只要", "仅限"]), PLAIN]),
    wants(&[PLAIN, Maybe(&["性", "生", "士"]), Is(&["优先"])]),
    shuts_out(&[PLAIN, Maybe(&["性", "生", "士"]), Is(&["勿扰", "免谈"])]),
];
