use proptest::prelude::*;
use wangjia::domain::codes::PayKind;
use wangjia::domain::money::*;

#[test]
fn every_kind_of_pay_has_its_month() {
    for (kind, fen, yuan) in [
        (PayKind::Monthly, 260_000, Ok(2600)),
        (PayKind::Monthly, 260_099, Ok(2600)),
        (PayKind::Piece, 300_000, Ok(3000)),
        // 120 × 21.75 = 2610; 20 × 174 = 3480; 18.50 × 174 = 3219.
        (PayKind::Daily, 12_000, Ok(2610)),
        (PayKind::Hourly, 2_000, Ok(3480)),
        (PayKind::Hourly, 1_850, Ok(3219)),
        (PayKind::Hourly, 0, Ok(0)),
        (PayKind::Monthly, -1, Err(PayError::Negative)),
        (PayKind::Monthly, 100_000_099, Ok(MAX_MONTHLY_YUAN)),
        (PayKind::Monthly, 100_000_100, Err(PayError::TooLarge)),
        (PayKind::Hourly, i64::MAX, Err(PayError::TooLarge)),
        (PayKind::Daily, i64::MIN, Err(PayError::Negative)),
    ] {
        assert_eq!(monthly_yuan(kind, fen), yuan, "{kind:?} {fen}");
    }
}

proptest! {
    #[test]
    fn more_pay_is_never_less_a_month(kind in 0usize..4, fen in 0i64..2_000_000, more in 0i64..2_000_000) {
        let kind = PayKind::ALL[kind];
        if let (Ok(a), Ok(b)) = (monthly_yuan(kind, fen), monthly_yuan(kind, fen + more)) {
            prop_assert!(a <= b);
        }
    }

    #[test]
    fn no_amount_makes_it_panic(kind in 0usize..4, fen in any::<i64>()) {
        match monthly_yuan(PayKind::ALL[kind], fen) {
            Ok(yuan) => prop_assert!(fen >= 0 && yuan <= MAX_MONTHLY_YUAN),
            Err(PayError::Negative) => prop_assert!(fen < 0),
            // The hour is the unit that is worth most: 1,000,000 / 174 yuan.
            Err(PayError::TooLarge) => prop_assert!(fen > 574_712),
        }
    }
}
