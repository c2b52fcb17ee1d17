//! Rows by an id they name: a list for each, without a table of lists.

/// Rows of one kind, grouped by an id; within a group in the order they were read.
///
/// Cost: one sort, which rows in the order of their groups do not need; a look-up is a binary search.
#[derive(Clone, Debug)]
pub(in crate::app) struct Grouped<T> {
    rows: Vec<T>,
    id: fn(&T) -> i64,
}

impl<T> Grouped<T> {
    pub(in crate::app) fn by(id: fn(&T) -> i64, mut rows: Vec<T>) -> Self {
        rows.sort_by_key(id);
        Self { rows, id }
    }

    /// The rows of an id.
    pub(in crate::app) fn of(&self, id: i64) -> &[T] {
        let start = self.rows.partition_point(|row| (self.id)(row) < id);
        let rest = self.rows.get(start..).unwrap_or_default();
        let len = rest.iter().take_while(|row| (self.id)(row) == id).count();
        rest.get(..len).unwrap_or_default()
    }

    /// The row of an id that is one row's alone.
    pub(in crate::app) fn one(&self, id: i64) -> Option<&T> {
        self.of(id).first()
    }
}

#[cfg(test)]
mod tests {
    use super::Grouped;

    #[test]
    fn each_id_has_its_rows_as_they_were_read() {
        let rows = Grouped::by(|row: &(i64, char)| row.0, vec![(3, 'a'), (1, 'b'), (3, 'c'), (2, 'd'), (3, 'e')]);
        assert_eq!(rows.of(3), [(3, 'a'), (3, 'c'), (3, 'e')]);
        assert_eq!(rows.of(1), [(1, 'b')]);
        assert_eq!((rows.of(0), rows.of(4)), (&[][..], &[][..]));
        assert_eq!((rows.one(2), rows.one(9)), (Some(&(2, 'd')), None));
    }
}
