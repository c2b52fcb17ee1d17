//! The words that stand beside ages, and what they do to them.

use crate::domain::codes::Sex;

#[derive(Clone, Copy, PartialEq)]
pub enum Word {
    Of(Sex),
    /// Both sexes, or none in particular.
    Anyone,
    /// Makes the limit beside it soft.
    Prefer,
    /// Makes every limit before it soft.
    Relax,
    /// Behind a number.
    Above,
    Below,
    /// Before a number.
    AtLeast,
    AtMost,
    /// The number itself is outside.
    Over,
    Under,
    /// Who is not wanted stands beside it.
    Reject,
    NoLimit,
    /// The same, and certainly of age.
    AnyAge,
    /// 无: no limit where nothing follows.
    None,
    /// Who else is meant: what is preferred then is not an age.
    Somebody,
    Filler,
}

// Wrapped by hand: one word a line would hide the structure.
#[rustfmt::skip]
pub const WORDS: &[(&[&str], Word)] = &[
    (&["男", "男性", "男士", "男工", "男生", "男员工", "男职工", "男同志"], Word::Of(Sex::Male)),
    (&["女", "女性", "女士", "女工", "女生", "女员工", "女职工", "女同志"], Word::Of(Sex::Female)),
    (&["男女", "男女不限", "不限男女", "性别不限", "不限性别", "男女均可", "男女皆可", "男女都可", "男女都要", "无性别要求", "男女工", "男女兼收", "男、女", "男/女"], Word::Anyone),
    (&["优先", "优先考虑", "优先录用", "为佳", "最佳", "为宜", "为主", "左右", "上下", "约", "原则上", "尽量", "最好", "一般"], Word::Prefer),
    (&["可放宽", "可适当放宽", "适当放宽", "放宽", "可酌情放宽", "酌情放宽", "可以放宽", "年龄可放宽", "年龄可适当放宽", "可放宽年龄", "可适当放宽年龄", "放宽年龄", "可放宽条件", "可放宽要求", "可放宽年龄限制", "放宽要求", "放宽条件", "可商量", "年龄可商量"], Word::Relax),
    (&["以上", "及以上", "或以上", "起", "+"], Word::Above),
    (&["以下", "及以下", "或以下", "以内", "之内", "内", "封顶"], Word::Below),
    (&["满", "已满", "年满", "已年满", "须满", "不低于", "不小于", "不少于", "不得低于", "不得小于", "不能低于", "不能小于", "至少", "最小", "最低"], Word::AtLeast),
    (&["不超过", "不超", "未超过", "不得超过", "不能超过", "不可超过", "不许超过", "不应超过", "不要超过", "不大于", "不得大于", "不能大于", "不高于", "不得高于", "最大", "最高", "至多", "最多"], Word::AtMost),
    (&["超过", "大于", "高于", "超"], Word::Over),
    (&["未满", "不满", "小于", "低于", "不到", "少于"], Word::Under),
    (&["勿扰", "请勿扰", "勿投", "勿来", "勿入", "勿试", "勿打扰", "免谈", "除外", "不要", "不招", "不收", "不聘", "不考虑", "不予考虑", "不接受", "不录用", "不招收", "不招聘", "谢绝", "拒绝", "拒招", "拒收", "止步", "绕道", "别来", "不适合", "不合适", "不含", "不包括", "不包含"], Word::Reject),
    (&["不限", "无要求", "不作要求", "不做要求", "没有要求"], Word::NoLimit),
    (&["年龄不限", "不限年龄", "无年龄要求", "年龄无要求", "年龄不作要求", "年龄不做要求", "不限制年龄", "无年龄限制", "年龄无限制"], Word::AnyAge),
    (&["无"], Word::None),
    (&["能力突出者", "能力突出", "能力强者", "能力强", "条件优秀者", "条件优秀", "优秀者", "特别优秀者", "特别优秀", "熟手", "熟练工", "熟练者", "有经验者", "有经验", "有工作经验者", "经验丰富者", "身体好的", "身体好", "特殊情况", "特殊人才", "技术好的", "技术好"], Word::Somebody),
    (&["年龄", "性别", "要求", "不要求", "非诚勿扰", "限制", "限", "仅限", "只限", "只招", "只要", "限招", "仅招", "须", "需", "应", "在", "为", "是", "之间", "的", "者", "均", "含", "均可", "可", "招", "招收", "要", "都要", "都可以", "/", "|", "(", ")", ":"], Word::Filler),
];
pub const BREAKS: &[&str] = &[",", ";", "。", "\n", "\r"];
pub const YEARS: &[&str] = &["周岁", "岁", "周岁(含)", "岁(含)"];
