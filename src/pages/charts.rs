//! Charts as SVG made on the server: bars, a line over months, dots on a cut axis.
//!
//! Invariant: a chart says its finding in words to whoever does not see it, and the table beside it has its numbers; a bar begins at
//! zero, and only dots stand on an axis that does not (the caption says where it begins). Labels are escaped by the template. Cost: string
//! building only.

use askama::Template;

/// Width of every chart; it is drawn as wide as there is room.
const WIDTH: u64 = 340;

/// One bar.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    pub label: String,
    pub value: u64,
    /// The value as it reads.
    pub shown: String,
    /// At the right edge; may be empty.
    pub note: String,
    /// Drawn as something to compare with.
    pub is_pale: bool,
}

struct DrawnBar<'a> {
    bar: &'a Bar,
    label: String,
    y: usize,
    width: u64,
}

#[derive(Template)]
#[template(path = "charts/bars.html")]
struct Bars<'a> {
    finding: &'a str,
    height: usize,
    bars: Vec<DrawnBar<'a>>,
}

/// Longest bar, and where bars begin.
const LONGEST: u64 = 130;
const BARS_FROM: u64 = 100;

/// Bars below each other, the longest as long as there is room.
pub(super) fn bars(rows: &[Bar], finding: &str) -> String {
    let most = rows.iter().map(|bar| bar.value).max().unwrap_or_default();
    let bars = rows.iter().enumerate().map(|(at, bar)| DrawnBar {
        bar,
        label: short(&bar.label),
        y: at * 30,
        width: width(bar.value, most, LONGEST),
    });
    rendered(&Bars { finding, height: rows.len() * 30 + 2, bars: bars.collect() })
}

#[derive(Template)]
#[template(path = "charts/share.html")]
struct Share {
    width: u64,
    is_pale: bool,
}

/// A bar in a cell of a table: its number stands beside it, so it is for the eye alone.
pub(super) fn share(part: u64, whole: u64, is_pale: bool) -> String {
    rendered(&Share { width: width(part, whole, 150), is_pale })
}

/// At least a line for what is not nothing.
fn width(part: u64, whole: u64, longest: u64) -> u64 {
    let scaled = (part * longest).checked_div(whole).unwrap_or_default();
    if part > 0 { scaled.max(1) } else { 0 }
}

/// A point of a line.
#[derive(Clone, Debug)]
pub struct Point {
    /// Below the axis.
    pub label: String,
    pub value: u64,
    pub shown: String,
}

struct DrawnPoint<'a> {
    point: &'a Point,
    x: u64,
    y: u64,
    is_labelled: bool,
    is_named: bool,
}

struct Tick {
    y: u64,
    shown: u64,
}

#[derive(Template)]
#[template(path = "charts/line.html")]
struct Line<'a> {
    finding: &'a str,
    line: String,
    ticks: Vec<Tick>,
    points: Vec<DrawnPoint<'a>>,
}

/// Left, right, top and bottom of the field a line is drawn in.
const FIELD: (u64, u64, u64, u64) = (44, 322, 20, 150);

/// A line from the first point to the last; the axis begins at zero, which is the goal.
pub(super) fn line(points: &[Point], finding: &str) -> String {
    let (left, right, top, bottom) = FIELD;
    let most = points.iter().map(|point| point.value).max().unwrap_or_default();
    let step = nice_step(most, 3);
    let top_value = step * most.div_ceil(step).max(1);
    let y = |value: u64| bottom - value * (bottom - top) / top_value;
    let gaps = (points.len().max(2) - 1) as u64;
    let highest = points.iter().position(|point| point.value == most);
    let drawn: Vec<DrawnPoint<'_>> = points
        .iter()
        .enumerate()
        .map(|(at, point)| DrawnPoint {
            point,
            x: left + (right - left) * at as u64 / gaps,
            y: y(point.value),
            is_labelled: at == 0 || at + 1 == points.len() || Some(at) == highest,
            is_named: (points.len() - 1 - at).is_multiple_of(2),
        })
        .collect();
    let line = drawn.iter().map(|point| format!("{},{}", point.x, point.y)).collect::<Vec<_>>().join(" ");
    let ticks = (0..=top_value / step).map(|n| Tick { y: y(n * step), shown: n * step }).collect();
    rendered(&Line { finding, line, ticks, points: drawn })
}

/// 1, 2 or 5 times a power of ten, so that so many steps reach the value.
fn nice_step(most: u64, steps: u64) -> u64 {
    let wanted = most.div_ceil(steps).max(1);
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            if factor * power >= wanted {
                return factor * power;
            }
        }
        power *= 10;
    }
}

/// A rate and its range, basis points.
#[derive(Clone, Debug)]
pub struct Dot {
    pub label: String,
    pub certain: u32,
    pub rate: u32,
    pub shown: String,
    pub note: String,
}

struct DrawnDot<'a> {
    dot: &'a Dot,
    label: String,
    y: usize,
    from: u64,
    to: u64,
}

struct AxisMark {
    x: u64,
    shown: String,
    is_goal: bool,
}

#[derive(Template)]
#[template(path = "charts/dots.html")]
struct Dots<'a> {
    finding: &'a str,
    height: usize,
    marks: Vec<AxisMark>,
    dots: Vec<DrawnDot<'a>>,
}

/// Where the axis of dots begins and ends.
const DOTS: (u64, u64) = (104, 222);

/// The percentage at which the axis of these dots begins.
#[must_use]
pub(super) fn axis_from(dots: &[Dot]) -> u32 {
    let least = dots.iter().map(|dot| dot.certain).min().unwrap_or_default() / 100;
    let step = axis_step(least);
    least / step * step
}

fn axis_step(least: u32) -> u32 {
    [2, 4, 5, 10, 20].into_iter().find(|step| (100 - least / step * step) / step <= 3).unwrap_or(25)
}

/// Dots with the range from certain to recorded, on an axis that ends at the goal.
pub(super) fn dots(rows: &[Dot], goal: &str, finding: &str) -> String {
    let (left, right) = DOTS;
    let from = axis_from(rows);
    let span = u64::from(100_u32.saturating_sub(from).max(1)) * 100;
    let x = |points: u32| left + u64::from(points.saturating_sub(from * 100)) * (right - left) / span;
    let step = axis_step(from) as usize;
    let marks = (from..=100).step_by(step).filter(|at| at + axis_step(from) / 2 < 100 || *at == 100);
    let mark = |at: u32| AxisMark {
        x: x(at * 100),
        shown: if at == 100 { goal.to_owned() } else { at.to_string() },
        is_goal: at == 100,
    };
    let mut marks: Vec<AxisMark> = marks.map(mark).collect();
    if !marks.iter().any(|mark| mark.is_goal) {
        marks.push(mark(100));
    }
    let drawn = rows.iter().enumerate().map(|(at, dot)| DrawnDot {
        dot,
        label: short(&dot.label),
        y: 38 + at * 30,
        from: x(dot.certain),
        to: x(dot.rate),
    });
    rendered(&Dots { finding, height: rows.len() * 30 + 26, marks, dots: drawn.collect() })
}

/// A label as wide as there is room: sixteen Latin letters, eight of others.
fn short(label: &str) -> String {
    let mut width = 0;
    let mut text = String::new();
    for letter in label.chars() {
        width += if letter.is_ascii() { 1 } else { 2 };
        if width > 16 {
            text.push('…');
            break;
        }
        text.push(letter);
    }
    text
}

/// A template can fail only for want of memory; no chart is then what is left, and the table beside it.
fn rendered(chart: &impl Template) -> String {
    chart.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_begins_at_zero_and_what_is_something_is_seen() {
        assert_eq!([width(0, 10, 150), width(1, 10_000, 150), width(5, 10, 150), width(10, 10, 150)], [0, 1, 75, 150]);
        assert_eq!(width(0, 0, 150), 0);
        let bar = |label: &str, value| Bar { label: label.into(), value, shown: value.to_string(), ..Bar::default() };
        let html = bars(&[bar("<b>推荐</b>", 40), bar("上岗", 10)], "推荐 40，上岗 10");
        assert!(html.contains("aria-label=\"推荐 40，上岗 10\"") && html.contains("role=\"img\""), "{html}");
        assert!(!html.contains("<b>") && html.contains("width=\"130\"") && html.contains("width=\"32\""), "{html}");
    }

    #[test]
    fn steps_are_round_and_reach_the_top() {
        for (most, step) in [(0, 1), (3, 1), (4, 2), (206, 100), (418, 200), (1_400, 500), (4_232, 2_000)] {
            assert_eq!(nice_step(most, 3), step, "{most}");
        }
    }

    #[test]
    fn the_axis_of_dots_begins_below_the_lowest() {
        let dot =
            |certain, rate| Dot { label: String::new(), certain, rate, shown: String::new(), note: String::new() };
        for (least, from) in [(8_950, 88), (9_700, 96), (4_200, 40), (0, 0), (9_999, 98), (10_000, 100)] {
            assert_eq!(axis_from(&[dot(least, 10_000)]), from, "{least}");
        }
        let html = dots(&[dot(8_950, 9_120)], "目标 100", "finding");
        assert!(html.contains("目标 100") && html.contains(">88<"), "{html}");
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(short("第一网格/望城街12栋"), "第一网格/望城街1…");
        assert_eq!(short("network A"), "network A");
    }
}
