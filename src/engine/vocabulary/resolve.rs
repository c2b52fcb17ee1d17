//! From the name in a ledger to the skill it means: what people hang on names, and names made of several.
//!
//! Only names that the vocabulary knows exactly are found; here they are freed of the word for the worker (平缝机操作工), of verbs and
//! grades before them (会平车, 高级育婴师), of the place of work (酒店保洁), of brackets and of neighbours (缝纫/平车). Letters that are merely
//! alike belong to [`fuzzy`](super::fuzzy).

use std::collections::HashMap;

use super::super::input::SkillId;
use super::super::normalise::{cut_brackets, normalise, words};
use super::Vocabulary;
use crate::domain::codes::SkillLinkKind;
use crate::domain::fold::fold;

/// Words for the worker or the machine behind the name of the work. Longer ones first.
const ROLES: &[&str] = words! {
    "操作人员" "操作工人" "操作工" "操作员" "操作手" "作业人员" "作业员" "老师傅" "工作人员" "从业人员" "技术工人" "技术员"
    "技术工" "工作" "工人" "人员" "师傅" "技师" "技工" "员工" "女工" "男工" "学徒工" "学徒"
    "操作" "作业" "技术" "技能" "手艺" "岗位" "工种" "工序" "阿姨" "大姐" "大妈" "大叔" "小哥" "工" "员"
    "师" "手" "岗" "类" "者" "匠" "活" "operator" "worker"
};

/// Names so wide that they say nothing about the kind of work behind another word: a 铁路客运服务员 waits at no table.
pub(super) const WIDE: &[&str] = &["服务", "服务员", "服务生", "管理", "经理", "主管", "助理", "阿姨", "工作", "维护"];

/// Machines: a person who works the machine does the work (平缝机, 锁边车).
const MACHINES: &[&str] = &["机器", "机台", "机", "设备"];

/// What stands before the name of the work.
const LEADS: &[&str] = words! {
    "会" "能" "懂" "懂得" "可以" "可" "做过" "干过" "从事过" "从事" "从业" "学过" "会做" "能做" "擅长" "善于"
    "掌握" "了解" "熟悉" "做" "干" "搞" "当过" "当" "应聘" "初级" "中级" "高级" "特级" "初中级" "资深" "专业"
    "专职" "一般" "普通" "全能" "大龄" "女" "男" "男女" "正式" "储备" "实习" "学徒" "招"
};

/// Places of work that do not change what the work is.
const PLACES: &[&str] = words! {
    "服装厂" "制衣厂" "制衣" "服装" "电子厂" "鞋厂" "玩具厂" "家具厂" "食品厂" "木材厂" "砖厂" "纸箱厂" "工厂"
    "厂里" "厂内" "厂" "车间" "公司" "企业" "园区" "工业园区" "工业园" "微工厂" "扶贫车间" "就业帮扶车间"
    "帮扶车间" "社区" "小区" "物业" "学校" "校园" "幼儿园" "医院" "养老院" "敬老院" "酒店" "宾馆" "饭店" "餐馆"
    "餐厅" "餐饮" "食堂" "厨房" "超市" "商场" "商超" "门店" "市场" "工地" "建筑工地" "建筑" "景区" "车站" "高铁站"
    "机场" "地铁" "银行" "写字楼" "办公楼" "政府" "村里" "村" "农村" "家里" "在家" "居家" "县城" "城里" "外省"
    "广东" "浙江" "江苏" "福建" "上海" "东莞" "深圳" "广州" "温州" "宁波" "义乌" "苏州" "仓库" "物流园" "ktv"
    "服装车间" "生产车间" "手工" "机械" "物流" "电商"
};

/// Marks between names.
const MARKS: &str = "/\\|、，,;；+&·。:：~\n";
/// What also stands inside names; taken where every part is a name then.
const SOFT_MARKS: &str = " \t.-和与及或兼并";

/// Most words taken away before a name (服装厂 + 高级 + 缝纫工): more are no name any more, and the ways to cut would multiply.
const MAX_LEADS: u8 = 3;
/// Shortest part of a name that may stand for a skill, in characters.
const MIN_PART: usize = 2;
/// A compound of known parts, each of which it names.
const PART: u16 = 9_000;
/// The same where other parts are unknown.
const PART_OF_UNKNOWN: u16 = 8_000;
/// Of two names in one word the last says what it is (消防保安), the first what for.
const FIRST_IN_WORD: u16 = 5_000;

/// The name without the words for the worker, if two characters stay.
pub(super) fn without_role(key: &str) -> &str {
    strip_end(key, ROLES).unwrap_or(key)
}

fn strip_end<'a>(key: &'a str, endings: &[&str]) -> Option<&'a str> {
    endings.iter().find_map(|end| key.strip_suffix(end).filter(|rest| rest.chars().count() >= MIN_PART))
}

/// Names without the word for the worker that are no name of their own and mean one skill only.
pub(super) fn bare_names(names: &[(String, SkillId)], exact: &HashMap<String, SkillId>) -> HashMap<String, SkillId> {
    let mut found: HashMap<&str, Option<SkillId>> = HashMap::new();
    for (name, skill) in names {
        let bare = without_role(name);
        if !exact.contains_key(bare) && !WIDE.contains(&bare) {
            found.entry(bare).and_modify(|s| *s = s.filter(|s| s == skill)).or_insert(Some(*skill));
        }
    }
    found.into_iter().filter_map(|(bare, skill)| Some((bare.to_owned(), skill?))).collect()
}

fn distinct(skills: impl IntoIterator<Item = SkillId>) -> Vec<SkillId> {
    let mut found = Vec::new();
    for skill in skills {
        if !found.contains(&skill) {
            found.push(skill);
        }
    }
    found
}

/// What the parts of a compound name mean.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    /// Distinct, in the order written.
    skills: Vec<SkillId>,
    /// Some part means nothing known.
    incomplete: bool,
}

impl Vocabulary {
    /// The skill a name means exactly, once it is normalised and freed of what ledgers hang on it. A name of several skills means
    /// the narrowest of them if they are of one family (缝纫/平车 is 平车), else the first if all are near it, else nothing.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<SkillId> {
        let key = normalise(name);
        self.one_name(name, &key).or_else(|| match self.parts(name) {
            Some(parts) if parts.incomplete => None,
            Some(parts) => self.one_of(&parts.skills),
            None => {
                // In one word the last name says what it is: 茶园采茶工 picks tea.
                let mut skills = self.words(&key)?;
                skills.reverse();
                self.one_of(&skills)
            }
        })
    }

    /// Every skill a name names (`保洁、做饭`), distinct, in the order written; unknown parts are left out.
    #[must_use]
    pub fn resolve_all(&self, name: &str) -> Vec<SkillId> {
        let key = normalise(name);
        if let Some(&skill) = self.base.exact.get(&key) {
            return vec![skill];
        }
        let one = || self.one_name(name, &key).map(|skill| vec![skill]);
        self.parts(name).map(|p| p.skills).or_else(one).or_else(|| self.words(&key)).unwrap_or_default()
    }

    /// Known skills an unknown name is like: its parts, else its letters. In id order, below 10,000.
    pub(super) fn near(&self, name: &str, key: &str) -> Vec<(SkillId, u16)> {
        let mut near = self.base.names.near(key);
        let mut raise = |skill: SkillId, points: u16| match near.iter_mut().find(|(s, _)| *s == skill) {
            Some((_, p)) => *p = points.max(*p),
            None => near.push((skill, points)),
        };
        if let Some(parts) = self.parts(name) {
            let points = if parts.incomplete { PART_OF_UNKNOWN } else { PART };
            parts.skills.into_iter().for_each(|skill| raise(skill, points));
        } else if let Some(mut skills) = self.words(key) {
            if let Some(last) = skills.pop() {
                raise(last, PART);
            }
            skills.into_iter().for_each(|skill| raise(skill, FIRST_IN_WORD));
        }
        near.sort_unstable();
        near
    }

    /// The name as it is or without the word for the worker.
    fn known(&self, key: &str) -> Option<SkillId> {
        self.base.exact.get(key).or_else(|| self.base.bare.get(key)).copied()
    }

    /// What a name means that is not made of several; `key` is its normal form.
    fn one_name(&self, name: &str, key: &str) -> Option<SkillId> {
        self.base.exact.get(key).copied().or_else(|| self.in_brackets(name)).or_else(|| self.undressed(key, MAX_LEADS))
    }

    /// The name without worker, machine and up to `leads` words before it, the fewest taken away first.
    fn undressed(&self, key: &str, leads: u8) -> Option<SkillId> {
        self.without_end(key).or_else(|| {
            let left = leads.checked_sub(1)?;
            let starts = LEADS.iter().chain(PLACES);
            let rests: Vec<_> = starts
                .filter_map(|s| key.strip_prefix(s))
                .filter(|rest| rest.chars().count() >= MIN_PART && !WIDE.contains(&without_role(rest)))
                .collect();
            // A rest that is a name beats one that has to be cut again.
            rests
                .iter()
                .find_map(|rest| self.base.exact.get(*rest).copied())
                .or_else(|| rests.iter().find_map(|rest| self.undressed(rest, left)))
        })
    }

    fn without_end(&self, key: &str) -> Option<SkillId> {
        let mut rest = key;
        loop {
            if let Some(skill) = self.known(rest) {
                return Some(skill);
            }
            if let Some(skill) = strip_end(rest, MACHINES).and_then(|machine| self.known(machine)) {
                return Some(skill);
            }
            rest = strip_end(rest, ROLES)?;
        }
    }

    /// `车工(服装)`, `维修(手机)`, `缝纫工(平车)`: the bracket narrows the word, stands before it, or says something else.
    fn in_brackets(&self, name: &str) -> Option<SkillId> {
        let pieces = cut_brackets(name);
        let joined =
            |inside: bool| pieces.iter().filter(|p| p.inside == inside).map(|p| p.text.trim()).collect::<String>();
        let (outside, inside) = (joined(false), joined(true));
        if outside.is_empty() || inside.is_empty() {
            return None;
        }
        if let Some(skill) = self.undressed(&normalise(&format!("{inside}{outside}")), MAX_LEADS) {
            return Some(skill);
        }
        match (self.resolve(&outside), self.resolve(&inside)) {
            // The word outside says what it is, unless the bracket names a kind of it.
            (Some(a), Some(b)) => self.one_of(&[a, b]).or(Some(a)),
            (found, None) | (None, found) => found,
        }
    }

    /// A name written as several with marks or words between; `None` if it is one name or no part is known.
    fn parts(&self, name: &str) -> Option<Parts> {
        let folded = fold(name);
        let cut = |is_between: &dyn Fn(char) -> bool| {
            let pieces: Vec<&str> = folded.split(is_between).filter(|p| !normalise(p).is_empty()).collect();
            if pieces.len() < 2 {
                return None;
            }
            let found: Vec<_> = pieces.iter().map(|p| self.one_name(p, &normalise(p))).collect();
            let skills = distinct(found.iter().copied().flatten());
            (!skills.is_empty()).then_some(Parts { skills, incomplete: found.contains(&None) })
        };
        let hard = cut(&|c| MARKS.contains(c));
        if hard.as_ref().is_some_and(|parts| !parts.incomplete) {
            return hard;
        }
        cut(&|c| MARKS.contains(c) || SOFT_MARKS.contains(c)).filter(|parts| !parts.incomplete).or(hard)
    }

    /// A word made of two or three names without a mark between them (平车打边); `None` unless all of it is names.
    fn words(&self, key: &str) -> Option<Vec<SkillId>> {
        let cuts: Vec<usize> = key.char_indices().map(|(at, _)| at).chain([key.len()]).collect();
        let n = cuts.len() - 1;
        if key.is_ascii() || !(2 * MIN_PART..=12).contains(&n) {
            return None;
        }
        let part = |from: usize, to: usize| {
            let word = &key[cuts[from]..cuts[to]];
            if WIDE.contains(&word) { None } else { self.known(word) }
        };
        let two = || (MIN_PART..=n - MIN_PART).rev().find_map(|i| Some(vec![part(0, i)?, part(i, n)?]));
        let three = || {
            (MIN_PART..=n.checked_sub(2 * MIN_PART)?).rev().find_map(|i| {
                let first = part(0, i)?;
                (i + MIN_PART..=n - MIN_PART).rev().find_map(|j| Some(vec![first, part(i, j)?, part(j, n)?]))
            })
        };
        two().or_else(three).map(distinct)
    }

    /// The one skill several stand for, see [`Self::resolve`].
    fn one_of(&self, skills: &[SkillId]) -> Option<SkillId> {
        let others = |skill: SkillId| skills.iter().copied().filter(move |s| *s != skill);
        let broader = |s, o| self.base.links.get(&(s, o)).is_some_and(|(kind, _)| *kind == SkillLinkKind::Broader);
        let narrowest = skills.iter().copied().find(|&s| others(s).all(|o| broader(s, o)));
        narrowest.or_else(|| {
            let first = *skills.first()?;
            let points = |held, asked| self.base.links.get(&(held, asked)).map_or(0, |(_, points)| *points);
            let near = |o| points(first, o).max(points(o, first)) >= 5_000;
            others(first).all(near).then_some(first)
        })
    }
}
