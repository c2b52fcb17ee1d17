//! When do two spellings of a skill or a job title name the same thing?
//!
//! [`normalise`] forgets what advertisements and ledgers add to a name: width, case, script, brackets, spaces and noise (招聘, 急招,
//! 包吃住, 熟练, 3名, 3000-5000元). What says which trade it is stays: `车工(服装)` keeps its 服装. Invariants: idempotent, and
//! empty only for a text without a letter or digit. Cost: linear in the text, times the number of noise words.

use crate::domain::fold::fold;

/// A list of words, many to a line.
macro_rules! words {
    ($($word:literal)*) => { &[$($word),*] };
}
pub(super) use words;

/// Words that say how work is offered, not what it is. A word stands before its own beginnings (包吃住 before 包吃), for the
/// first that fits is taken.
const NOISE: &[&str] = words! {
    "高薪诚聘" "大量招聘" "长期招聘" "长期招工" "现招聘" "长期招" "招聘" "诚聘" "诚招" "急聘" "急招" "急需" "直招"
    "现招" "高薪" "若干名" "若干" "数名" "多名" "熟练工" "熟练" "熟手" "精通" "包吃包住" "包吃住" "包食宿" "包住宿"
    "包吃" "包住" "管吃管住" "管吃住" "管吃" "管住" "提供食宿" "提供住宿" "五险一金" "五险" "买社保" "缴社保"
    "有社保" "双休" "单休" "长白班" "常白班" "白班" "夜班" "晚班" "两班倒" "三班倒" "日结" "周结" "月结" "计件"
    "保底" "底薪" "待遇优厚" "待遇从优" "工资面议" "面议" "无需经验" "经验不限" "不限经验" "有经验者优先"
    "有经验优先" "有经验者" "有经验" "男女不限" "年龄不限" "学历不限" "不限男女" "不限" "长期工" "短期工" "临时工"
    "全职" "兼职" "就近上班" "随时上岗" "订单充足"
};

/// Names in which a noise word is no noise.
const NOT_NOISE: &[&str] = words! {
    "招聘专员" "招聘师" "招聘经理" "招聘主管" "招聘顾问" "招聘助理" "招聘文员"
};

/// What follows a number that only says how many, how long or how much; longer ones first, as above.
const UNITS: &[&str] = words! {
    "个月" "小时" "年" "名" "人" "位" "岁" "元每月" "元一个月" "元一天" "元月" "元天" "元" "块钱" "块" "千" "万"
    "天" "险一金" "险"
};

/// What may follow such a number and its unit.
const AFTER_UNIT: &[&str] = words! {
    "及以上" "以上" "以下" "以内" "左右" "起" "工作经验" "经验"
};

/// Contents of brackets that say who or for how long.
const BRACKET_NOISE: &[&str] = words! {
    "男" "女" "男性" "女性" "男女" "男工" "女工" "长期" "短期" "临时" "本地" "外地" "可学" "学徒" "新手" "生手"
};

/// Longest normal form. A longer text is no name but a description; the bound keeps hostile input cheap.
const MAX_CHARS: usize = 200;

const OPENING: &str = "([{<【〔《「『〈";
const CLOSING: &str = ")]}>】〕》」』〉";

/// The name as the vocabulary compares it.
#[must_use]
pub fn normalise(name: &str) -> String {
    // Taking words out may bring others together, so it goes on until nothing changes; each round but the last shortens the
    // text or settles its characters.
    let mut text = round(name);
    loop {
        let next = round(&text);
        if next == text {
            return text;
        }
        text = next;
    }
}

/// A run of a name outside or inside brackets.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub inside: bool,
    pub text: String,
}

/// Cuts a name at its outermost brackets, which go, as inner ones do; one that is never closed reaches to the end. Noise in brackets is dropped, and so are
/// pieces without letters.
pub(super) fn cut_brackets(name: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece { inside: false, text: String::new() }];
    let mut depth = 0_usize;
    for c in fold(name).chars() {
        let opens = OPENING.contains(c);
        let closes = CLOSING.contains(c) && depth > 0;
        depth = if opens { depth + 1 } else { depth - usize::from(closes) };
        if (opens && depth == 1) || (closes && depth == 0) {
            pieces.push(Piece { inside: opens, text: String::new() });
        } else if let Some(piece) = pieces.last_mut()
            && !opens
            && !closes
        {
            piece.text.push(c);
        }
    }
    pieces.retain(|p| if p.inside { is_meaningful(&p.text) } else { !letters(&p.text).is_empty() });
    pieces
}

fn is_meaningful(content: &str) -> bool {
    let bare = letters(content);
    !without_noise(&bare).is_empty() && !BRACKET_NOISE.contains(&bare.as_str())
}

/// One round of [`normalise`]. Brackets go as other marks do, with their content where it is noise; words keep their order.
fn round(name: &str) -> String {
    let pieces = cut_brackets(name);
    // A name that is nothing but brackets and noise (（兼职）) is still a name.
    let text = if pieces.is_empty() {
        letters(&fold(name))
    } else {
        letters(&pieces.iter().map(|p| p.text.as_str()).collect::<String>())
    };
    let kept = without_noise(&text);
    if kept.is_empty() { text } else { kept }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).take(MAX_CHARS).collect()
}

fn without_noise(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let begins = |words: &[&'static str]| words.iter().copied().find(|w| rest.starts_with(w));
        if let Some(name) = begins(NOT_NOISE) {
            kept.push_str(name);
            rest = &rest[name.len()..];
        } else if let Some(word) = begins(NOISE) {
            rest = &rest[word.len()..];
        } else if let Some(after) = skip_quantity(rest).filter(|_| !kept.ends_with(|k: char| k.is_ascii_alphanumeric()))
        {
            rest = after;
        } else {
            kept.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    kept
}

/// The text behind a leading number with a unit (`3名`, `2年以上`, `30005000元`); `None` where there is none, as in `4线`.
fn skip_quantity(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == text.len() {
        return None;
    }
    let mut rest = UNITS.iter().find_map(|unit| rest.strip_prefix(unit))?;
    while let Some(after) = AFTER_UNIT.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = after;
    }
    Some(rest)
}
