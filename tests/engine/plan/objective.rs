//! Folded amounts in people's terms.

use wangjia::engine::plan::{Fold, Objective};

#[test]
fn a_price_reads_to_the_nearest_unit_of_each_level_and_adds_up() {
    // Ten places of at most 100 points, 40 promises.
    let fold = Fold::new(10, 100, 40, 3).expect("small rewards fit");
    let read = |covered, kept, suitability| {
        let price = fold.covered * covered + fold.kept * kept + suitability;
        assert_eq!(fold.value(&fold.unfold_price(price)), i128::from(price));
        (fold.unfold_price(price), Objective { covered, kept, suitability })
    };
    for (covered, kept, suitability) in [(0, 0, 0), (0, 0, 400), (1, 0, 0), (1, -1, 55), (2, -3, -55), (0, 7, -400)] {
        let (found, expected) = read(covered, kept, suitability);
        assert_eq!(found, expected);
    }
    // 40 promises weigh as much as one household less a promise, and that is how it reads.
    let (found, _) = read(0, 40, 0);
    assert_eq!((found.covered, found.kept, found.suitability), (1, -1, 0));
    let unpromised = Fold::new(10, 100, 0, 1).expect("small rewards fit");
    assert_eq!(unpromised.unfold_price(unpromised.covered - 7), Objective { covered: 1, kept: 0, suitability: -7 });
}
