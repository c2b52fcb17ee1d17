//! Small cells: every sum and difference of what is published is tried.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use proptest::prelude::*;
use wangjia::domain::small_cells::{Published, Shown, Table, is_small};

const THRESHOLD: u64 = 10;

fn published(rows: &[&[u64]]) -> Published {
    Table::new(rows.iter().map(|row| row.to_vec()).collect(), rows[0].len()).unwrap().published(THRESHOLD)
}

/// Every published figure with the cells it counts.
fn figures(rows: &[Vec<u64>], shown: &Published) -> Vec<(Vec<i64>, i64)> {
    let columns = rows[0].len();
    let mut found = Vec::new();
    let mut add = |shown: Shown, counts: &dyn Fn(usize, usize) -> bool| {
        if let Some(value) = shown.value() {
            let cells = (0..rows.len() * columns).map(|cell| i64::from(counts(cell / columns, cell % columns)));
            found.push((cells.collect(), i64::try_from(value).unwrap()));
        }
    };
    for row in 0..rows.len() {
        for column in 0..columns {
            add(shown.cells[row][column], &|r, c| r == row && c == column);
        }
        add(shown.row_totals[row], &|r, _| r == row);
    }
    for column in 0..columns {
        add(shown.column_totals[column], &|_, c| c == column);
    }
    add(shown.total, &|_, _| true);
    found
}

/// The first sum or difference of published figures that counts a small group.
fn revealed(figures: &[(Vec<i64>, i64)], cells: &mut Vec<i64>, value: i64) -> Option<i64> {
    let Some(((counts, figure), rest)) = figures.split_first() else {
        let is_group = cells.iter().all(|n| (0..=1).contains(n)) && cells.contains(&1);
        let small = u64::try_from(value).is_ok_and(|value| is_small(value, THRESHOLD));
        return (is_group && small).then_some(value);
    };
    for sign in [0, 1, -1] {
        cells.iter_mut().zip(counts).for_each(|(sum, count)| *sum += sign * count);
        let found = revealed(rest, cells, value + sign * figure);
        cells.iter_mut().zip(counts).for_each(|(sum, count)| *sum -= sign * count);
        if found.is_some() {
            return found;
        }
    }
    None
}

#[track_caller]
fn check(rows: &[Vec<u64>]) {
    let shown = Table::new(rows.to_vec(), rows[0].len()).unwrap().published(THRESHOLD);
    let figures = figures(rows, &shown);
    let leak = revealed(&figures, &mut vec![0; rows.len() * rows[0].len()], 0);
    assert_eq!(leak, None, "{rows:?} published as {shown:?}");
}

/// Counts around the threshold, so that nearly every table has something to hide.
fn count() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0u64), 4 => 1u64..10, 4 => 10u64..25]
}

fn table(rows: usize, columns: usize) -> impl Strategy<Value = Vec<Vec<u64>>> {
    prop::collection::vec(prop::collection::vec(count(), columns), rows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_combination_of_a_two_way_table_tells_of_a_few(rows in table(2, 2)) {
        check(&rows);
    }

    #[test]
    fn nor_of_a_list(rows in table(4, 1)) {
        check(&rows);
    }

    /// Tables of two days, or of the same people grouped in two ways: whatever is added or subtracted, no small number comes out.
    #[test]
    fn rounded_tables_cannot_be_subtracted(
        one in table(3, 3),
        other in table(3, 3),
        signs in prop::collection::vec(-1i64..=1, 32),
    ) {
        let figures_of = |rows: &[Vec<u64>]| {
            let shown = Table::new(rows.to_vec(), 3).unwrap().published(THRESHOLD).rounded();
            figures(rows, &shown)
        };
        let all: Vec<i64> = figures_of(&one).into_iter().chain(figures_of(&other)).map(|(_, value)| value).collect();
        let sum: i64 = all.iter().zip(&signs).map(|(value, sign)| value * sign).sum();
        prop_assert!(!u64::try_from(sum).is_ok_and(|sum| is_small(sum, THRESHOLD)), "{sum}");
    }
}

proptest! {
    // Half a million combinations a table.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn nor_of_a_larger_one(rows in table(3, 2)) {
        check(&rows);
    }
}

#[test]
fn the_brute_force_finds_what_is_not_hidden() {
    // The small cell alone was left out.
    let open = [(vec![1, 0, 0, 0], 30), (vec![0, 0, 1, 0], 40), (vec![0, 0, 0, 1], 50), (vec![1, 1, 0, 0], 33)];
    assert_eq!(revealed(&open, &mut vec![0; 4], 0), Some(3), "33 less 30");
    assert_eq!(revealed(&open[..3], &mut vec![0; 4], 0), None);
}

#[test]
fn what_tells_of_nobody_is_published() {
    let shown = published(&[&[300, 20], &[0, 40]]);
    assert_eq!(shown.cells, [[Shown::Exact(300), Shown::Exact(20)], [Shown::Exact(0), Shown::Exact(40)]]);
    assert_eq!(
        (shown.row_totals[0], shown.column_totals[1], shown.total),
        (Shown::Exact(320), Shown::Exact(60), Shown::Exact(360))
    );
    // One small cell: its row and the row with the least in that column keep theirs; every total stays.
    let shown = published(&[&[300, 4], &[200, 30], &[100, 20]]);
    assert_eq!(shown.cells[0], [Shown::Withheld, Shown::Below(10)]);
    assert_eq!(shown.cells[1], [Shown::Exact(200), Shown::Exact(30)]);
    assert_eq!(shown.cells[2], [Shown::Withheld, Shown::Withheld]);
    assert_eq!(shown.row_totals, [Shown::Exact(304), Shown::Exact(230), Shown::Exact(120)]);
    assert_eq!((shown.column_totals[1], shown.total), (Shown::Exact(54), Shown::Exact(654)));
    let rounded = shown.rounded();
    assert_eq!(
        (rounded.row_totals[0], rounded.column_totals[1], rounded.total),
        (Shown::Exact(300), Shown::Exact(50), Shown::Exact(650))
    );
    assert_eq!(rounded.cells[0][1], Shown::Below(10));
    // Of a few altogether nothing is said.
    let shown = published(&[&[3, 0], &[0, 4]]);
    assert_eq!(shown.total, Shown::Below(10));
    assert!(shown.cells.iter().flatten().all(|cell| *cell == Shown::Withheld));
    assert_eq!(published(&[&[0, 0]]).total, Shown::Exact(0));
    assert!(Table::new(vec![vec![1], vec![1, 2]], 1).is_none());
    assert_eq!(
        (Shown::alone(9, 10), Shown::alone(10, 10), Shown::alone(0, 10)),
        (Shown::Below(10), Shown::Exact(10), Shown::Exact(0))
    );
}
