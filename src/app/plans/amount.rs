//! An amount of the objective in words: never a folded number.

use super::view::Amount;
use crate::domain::text::Text;

/// "1 户 − 1 项承诺 + 3200 分". More than one of covered weight is said as weight: a household that is monitored may weigh as much.
#[must_use]
pub fn amount(amount: &Amount) -> Text {
    let s = |n: i64| if n.abs() == 1 { "" } else { "s" };
    let covered = amount.covered.abs();
    let weight = match covered {
        1 => Text::new("1 户", "1 household"),
        _ => Text::new(format!("覆盖权重 {covered}"), format!("covered weight {covered}")),
    };
    let (kept, points) = (amount.kept.abs(), amount.suitability.abs());
    let promises = Text::new(format!("{kept} 项承诺"), format!("{kept} promise{}", s(kept)));
    let points = Text::new(format!("{points} 分"), format!("{points} point{}", s(points)));
    let parts = [(amount.covered, weight), (amount.kept, promises), (amount.suitability, points.clone())];
    let mut text = Text::default();
    for (n, part) in parts.into_iter().filter(|(n, _)| *n != 0) {
        let sign = match (text.zh.is_empty(), n < 0) {
            (true, false) => "",
            (true, true) => "−",
            (false, false) => " + ",
            (false, true) => " − ",
        };
        text.zh += &format!("{sign}{}", part.zh);
        text.en += &format!("{sign}{}", part.en);
    }
    if text.zh.is_empty() { points } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_said_as_weight_promises_and_points() {
        let monitored = Amount { covered: 3, kept: 0, suitability: 3_200 };
        assert_eq!(amount(&monitored).en, "covered weight 3 + 3200 points");
        assert_eq!(amount(&Amount::default()).en, "0 points");
        assert_eq!(amount(&Amount { covered: -2, kept: 2, suitability: 0 }).zh, "−覆盖权重 2 + 2 项承诺");
        // What weighs one is one household, whatever others weigh.
        assert_eq!(amount(&Amount { covered: 1, kept: -1, suitability: -713 }).zh, "1 户 − 1 项承诺 − 713 分");
    }
}
