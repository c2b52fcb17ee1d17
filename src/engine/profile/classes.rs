//! Which people, and which postings, are the same to a check? Numbers them by what the check reads.

use std::collections::HashMap;

use crate::engine::gates::Key;

/// Items numbered by equal keys, in order of first appearance.
#[derive(Debug)]
pub struct Classes {
    /// Per item its class.
    pub of: Vec<u32>,
    /// Per class its first item, which stands for the others.
    pub first: Vec<u32>,
}

impl Classes {
    /// Classes of the items `0..n`; `write` puts what is read of an item into an empty key.
    pub fn new(n: usize, mut write: impl FnMut(usize, &mut Key)) -> Self {
        let mut numbers: HashMap<Box<[u64]>, u32> = HashMap::new();
        let mut first = Vec::new();
        let mut key = Key::default();
        let of = (0..n)
            .map(|item| {
                key.0.clear();
                write(item, &mut key);
                if let Some(class) = numbers.get(key.0.as_slice()) {
                    return *class;
                }
                let class = first.len() as u32;
                numbers.insert(key.0.as_slice().into(), class);
                first.push(item as u32);
                class
            })
            .collect();
        Self { of, first }
    }

    pub fn len(&self) -> usize {
        self.first.len()
    }

    /// Per class, how many items it has.
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes = vec![0; self.len()];
        for class in &self.of {
            sizes[*class as usize] += 1;
        }
        sizes
    }
}

/// The classes of residents whose rows are worth keeping, the most frequent first, until `budget` evaluations of
/// `per_row` each are spent. The others are evaluated when they are met.
pub fn worth_a_row(residents: &Classes, per_row: usize, budget: usize) -> Vec<u32> {
    let n_rows = budget / per_row.max(1);
    let mut classes: Vec<u32> = (0..residents.len() as u32).collect();
    if classes.len() > n_rows {
        let sizes = residents.sizes();
        classes.sort_by_key(|class| (std::cmp::Reverse(sizes[*class as usize]), *class));
        classes.truncate(n_rows);
    }
    classes
}

/// Rows of equal length, each kept once.
pub struct Rows<T> {
    numbers: HashMap<Box<[T]>, u32>,
    pub values: Vec<T>,
}

impl<T: Copy + Eq + std::hash::Hash> Rows<T> {
    pub fn new() -> Self {
        Self { numbers: HashMap::new(), values: Vec::new() }
    }

    /// The number of this row, which is kept if it is new.
    pub fn keep(&mut self, row: &[T]) -> u32 {
        if let Some(number) = self.numbers.get(row) {
            return *number;
        }
        let number = self.numbers.len() as u32;
        self.numbers.insert(row.into(), number);
        self.values.extend_from_slice(row);
        number
    }
}
