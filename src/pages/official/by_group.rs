//! The table of groups: grids, buildings, home townships or channels, in the order the reader chose, and the chart beside it.

use super::state::State;
use crate::app::coverage::report::{self, GroupBy, NO_CHANNEL, UNKNOWN};
use crate::domain::codes::Channel;
use crate::domain::coverage::Tally;
use crate::pages::charts::{self, Dot};
use crate::pages::words::Words;

/// Groups of a page of the table, and dots of the chart.
pub const ROWS: usize = 50;
const DOTS: usize = 12;

/// A column the table can be ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    Name,
    Covered,
    Uncovered,
    Exempt,
    All,
    #[default]
    Rate,
    Certain,
    Risk,
}

impl Column {
    pub const ALL: [Self; 8] =
        [Self::Name, Self::Covered, Self::Uncovered, Self::Exempt, Self::All, Self::Rate, Self::Certain, Self::Risk];

    const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Covered => "covered",
            Self::Uncovered => "uncovered",
            Self::Exempt => "exempt",
            Self::All => "all",
            Self::Rate => "rate",
            Self::Certain => "certain",
            Self::Risk => "risk",
        }
    }

    /// What it says of a group, apart from its name; nobody to count comes last.
    fn of(self, tally: &Tally) -> u64 {
        match self {
            Self::Name => 0,
            Self::Covered => tally.covered,
            Self::Uncovered => tally.uncovered,
            Self::Exempt => tally.exempt,
            Self::All => tally.households,
            Self::Rate => tally.rate().map_or(u64::MAX, u64::from),
            Self::Certain => tally.certain_rate().map_or(u64::MAX, u64::from),
            Self::Risk => tally.single_earner_risk,
        }
    }
}

/// How the table is ordered. The widest gap first unless the reader says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub column: Column,
    pub is_descending: bool,
}

impl Order {
    /// `rate`, `-rate`; anything else is the usual order.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (is_descending, code) = text.strip_prefix('-').map_or((false, text), |code| (true, code));
        let column = Column::ALL.into_iter().find(|column| column.code() == code);
        column.map_or_else(Self::default, |column| Self { column, is_descending })
    }

    fn sort(self, groups: &mut [Group]) {
        groups.sort_by(|a, b| {
            let by_value = self.column.of(&a.tally).cmp(&self.column.of(&b.tally));
            let by_value = if self.is_descending { by_value.reverse() } else { by_value };
            // Areas and channels have an order of their own, which is the name's.
            let by_name = a.position.cmp(&b.position);
            match (self.column, self.is_descending) {
                (Column::Name, true) => by_name.reverse(),
                _ => by_value.then(by_name),
            }
        });
    }
}

/// A head of the table: a link that orders by it.
pub struct Head {
    pub label: &'static str,
    pub href: String,
    /// `ascending`, `descending` or empty.
    pub sorted: &'static str,
}

/// A group as it is shown.
#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub key: String,
    pub tally: Tally,
    position: usize,
}

/// The table.
pub struct ByGroup {
    pub by: GroupBy,
    pub order: Order,
    pub groups: Vec<Group>,
}

impl ByGroup {
    pub fn new(state: &State, by: GroupBy, order: Order) -> Self {
        let groups = state.overview.coverage.groups.iter().enumerate();
        let group = |(position, group): (usize, &report::Group)| Group {
            name: name(&state.words, by, &group.key),
            key: group.key.clone(),
            tally: group.tally,
            position,
        };
        let mut groups: Vec<Group> = groups.map(group).collect();
        order.sort(&mut groups);
        Self { by, order, groups }
    }

    pub fn is_by_channel(&self) -> bool {
        self.by == GroupBy::Channel
    }

    pub const fn what(&self, words: &Words) -> &'static str {
        label(words, self.by)
    }

    /// The groupings, each with its address, this one first.
    pub fn ways(&self, words: &Words) -> Vec<(&'static str, String, bool)> {
        let way = |by: GroupBy| {
            // The order of another table says nothing here.
            let here = words.clone().without("sort").varied("by", by.code());
            (label(words, by), here, by == self.by)
        };
        GroupBy::ALL.into_iter().map(way).collect()
    }

    pub fn heads(&self, words: &Words) -> Vec<Head> {
        let texts = [
            self.what(words),
            words.say("已覆盖", "Covered"),
            words.say("未覆盖", "Uncovered"),
            words.say("不计入", "Not counted"),
            words.say("全部", "All"),
            words.say("覆盖率 %", "Coverage %"),
            words.say("其中确定 %", "For certain %"),
            words.say("单人就业风险", "At risk"),
        ];
        let head = |(column, label): (Column, &'static str)| {
            let is_current = column == self.order.column;
            let reverse = is_current && !self.order.is_descending;
            let sort = format!("{}{}", if reverse { "-" } else { "" }, column.code());
            let sorted = match (is_current, self.order.is_descending) {
                (true, true) => "descending",
                (true, false) => "ascending",
                (false, _) => "",
            };
            Head { label, href: words.varied("sort", &sort), sorted }
        };
        Column::ALL.into_iter().zip(texts).map(head).collect()
    }

    /// The households of a group: all of them, or those of a state or figure.
    pub fn list(&self, state: &State, group: &Group, filter: &str) -> String {
        let here = [("by", self.by.code()), ("key", group.key.as_str())];
        let filter = filter.split_once('=');
        let filters: Vec<(&str, &str)> = filter.into_iter().chain(here).collect();
        state.list(&filters)
    }

    /// Rates as dots, lowest first; channels as bars, which have no rate.
    pub fn chart(&self, state: &State) -> String {
        if self.is_by_channel() {
            return state.channels(&channels(&state.words, &state.overview.channels));
        }
        let words = &state.words;
        let goal = words.say("目标 100", "goal 100");
        charts::dots(&self.dots(words), goal, &self.finding(words, state.total()))
    }

    fn dots(&self, words: &Words) -> Vec<Dot> {
        let mut lowest: Vec<&Group> = self.groups.iter().filter(|group| group.tally.counted() > 0).collect();
        lowest.sort_by_key(|group| (group.tally.rate(), group.position));
        lowest.truncate(DOTS);
        let dot = |group: &&Group| {
            let n = words.number(group.tally.uncovered);
            Dot {
                label: group.name.clone(),
                certain: group.tally.certain_rate().unwrap_or_default(),
                rate: group.tally.rate().unwrap_or_default(),
                shown: words.rate(group.tally.rate()),
                note: if words.is_english() { format!("{n} short") } else { format!("差 {n}") },
            }
        };
        lowest.iter().map(dot).collect()
    }

    /// "网格三最低，占缺口 30%".
    pub fn finding(&self, words: &Words, total: &Tally) -> String {
        if self.is_by_channel() {
            return words.say("已覆盖的户靠什么就业", "How the covered households earn").to_owned();
        }
        let counted = self.groups.iter().filter(|group| group.tally.counted() > 0);
        let Some(lowest) = counted.min_by_key(|group| (group.tally.rate(), group.position)) else {
            return words.say("没有应覆盖的户", "Nobody to cover").to_owned();
        };
        let share = (lowest.tally.uncovered * 100).checked_div(total.uncovered).unwrap_or_default();
        let name = &lowest.name;
        match (words.is_english(), total.uncovered) {
            (false, 0) => "都已达到目标".to_owned(),
            (true, 0) => "All have reached the goal".to_owned(),
            (false, _) => format!("{name}最低，占缺口 {share}%"),
            (true, _) => format!("{name} is lowest, with {share}% of the gap"),
        }
    }

    /// What the reader must know to read the chart.
    pub fn caption(&self, words: &Words) -> String {
        if self.is_by_channel() {
            return words.say("按户里最长的一份工作算。", "By the longest-running job of each household.").to_owned();
        }
        let dots = self.dots(words);
        let from = charts::axis_from(&dots);
        let mut said = if words.is_english() {
            format!("Dot: coverage as recorded, percent. Pale: from certain to recorded. The axis begins at {from}.")
        } else {
            format!("点：照记录算的覆盖率（%）。浅色段：从确定到照记录。横轴从 {from} 开始。")
        };
        if self.groups.len() > dots.len() {
            let n = dots.len();
            said +=
                &if words.is_english() { format!(" The {n} lowest.") } else { format!("只画最低的 {n} 个。") };
        }
        said
    }
}

/// Channels with their covered households, most first.
pub fn channels(words: &Words, groups: &[report::Group]) -> Vec<(String, u64)> {
    let working = groups.iter().filter(|group| group.key != NO_CHANNEL);
    let row = |group: &report::Group| (name(words, GroupBy::Channel, &group.key), group.tally.covered);
    let mut rows: Vec<(String, u64)> = working.map(row).collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rows
}

/// A group's name as people read it.
pub fn name(words: &Words, by: GroupBy, key: &str) -> String {
    match by {
        GroupBy::Channel if key == NO_CHANNEL => words.say("没有人就业", "nobody at work").to_owned(),
        GroupBy::Channel => Channel::from_code(key).map_or(key, |channel| words.label(channel.label())).to_owned(),
        GroupBy::Township if key == UNKNOWN => words.say("没有记录", "not recorded").to_owned(),
        _ => key.to_owned(),
    }
}

pub const fn label(words: &Words, by: GroupBy) -> &'static str {
    match by {
        GroupBy::Grid => words.say("网格", "Grid"),
        GroupBy::Building => words.say("楼栋", "Building"),
        GroupBy::Township => words.say("迁出地", "Home township"),
        GroupBy::Channel => words.say("就业渠道", "Channel"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_ordered_as_the_reader_says() {
        let group = |position: usize, covered, uncovered| Group {
            name: format!("第{position}网格"),
            key: String::new(),
            tally: Tally { covered, uncovered, ..Tally::default() },
            position,
        };
        let sorted = |order: &str| {
            let mut groups = [group(1, 90, 10), group(2, 0, 0), group(3, 50, 50), group(4, 9, 1)];
            Order::parse(order).sort(&mut groups);
            groups.map(|group| group.position)
        };
        // The widest gap first; equal rates as they were entered; nobody to count last.
        assert_eq!(sorted(""), [3, 1, 4, 2]);
        assert_eq!(sorted("nonsense"), sorted("rate"));
        assert_eq!(sorted("-uncovered"), [3, 1, 4, 2]);
        assert_eq!(sorted("covered"), [2, 4, 3, 1]);
        assert_eq!((sorted("name"), sorted("-name")), ([1, 2, 3, 4], [4, 3, 2, 1]));
    }
}
