//! What the words of advertisements say, by hand-checked values, by lists of third parties and by properties.

use proptest::prelude::*;
use wangjia::domain::advert::{age, headcount, shift, wage, weekdays};

mod age_limits;
mod headcounts;
mod wages;
mod work_time;

/// Characters that mean something to one of the readers, so that random texts get far into them.
const LETTERS: &str = "0123456789.,-~至到—/·+()：、；，千万元薪月天年时小每以上下起面议男女岁周可放宽优先限休单双做一二三四六十百零名人各若干班倒午晚早点半朝九八夜白时制勿扰超过未满无含其中共试用期转正全勤奖提成结件到O%h:k \n\u{200b}𠮷é";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// No text makes a reader panic, and what is read keeps its promises.
    #[test]
    fn readers_take_any_text(picks in prop::collection::vec(0usize..300, 0..40), odd in ".*") {
        let letters: Vec<char> = LETTERS.chars().collect();
        let text: String = picks.iter().map(|i| letters[i % letters.len()]).collect();
        for text in [text.as_str(), odd.as_str()] {
            if let Ok(read) = wage::read(text) {
                prop_assert!(read.said != wage::Wage::default());
                prop_assert!(!matches!((read.said.min_fen, read.said.max_fen), (Some(min), Some(max)) if min > max));
                _ = read.said.posted();
            }
            if let Some(read) = age::read(text) {
                let ages = read.said.posted().ages;
                prop_assert!([ages.min, ages.max].into_iter().flatten().all(|age| (10..=80).contains(&age)));
            }
            if let Some(read) = shift::read(text) {
                for span in read.said.week().map(|week| week.spans).unwrap_or_default() {
                    prop_assert!((1..=7).contains(&span.weekday) && span.from < span.to && span.to <= 1440);
                }
                _ = (read.said.minutes_a_day(), read.said.minutes_a_week());
            }
            _ = headcount::read(text);
            _ = weekdays::spans(text);
        }
    }
}

#[test]
fn absurd_lengths_and_numbers_are_read_or_left() {
    let long = "9".repeat(20_000);
    let many = "女18-45岁、".repeat(2_000);
    for text in [
        long.as_str(),
        many.as_str(),
        "999999999999万元/月",
        "99999999小时99999999天",
        "一万万万",
        "做255休255",
        "65535:00-65535:01",
        "可放宽至",
        "+",
        "-",
    ] {
        assert!(wage::read(text).is_err(), "{}", &text.chars().take(20).collect::<String>());
        _ = (age::read(text), shift::read(text), headcount::read(text), weekdays::spans(text));
    }
}
