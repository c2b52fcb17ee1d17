use proptest::prelude::*;
use wangjia::domain::credit_code::{CreditCode, CreditCodeError as E};

#[test]
fn codes_of_known_companies_are_read() {
    // Published codes of two large companies in Shenzhen.
    for code in ["9144030071526726XG", "914403001922038216"] {
        assert_eq!(CreditCode::parse(code).map(|c| c.as_str().to_owned()), Ok(code.to_owned()));
    }
    assert_eq!(CreditCode::parse(" ９１４４０３００７１５２６７２６xg").unwrap().as_str(), "9144030071526726XG");
}

#[test]
fn errors_are_told_apart() {
    assert_eq!(CreditCode::parse(""), Err(E::Empty));
    assert_eq!(CreditCode::parse("9144030071526726X"), Err(E::Length { found: 17 }));
    assert_eq!(CreditCode::parse("914403007I526726XG"), Err(E::Character { position: 10 }));
    assert_eq!(CreditCode::parse("9144030071526726XH"), Err(E::CheckCharacter));
    assert_eq!(CreditCode::compose("9144030071526726O"), None);
    assert_eq!(CreditCode::compose("1234"), None);
}

proptest! {
    #[test]
    fn composed_codes_are_read_back_and_single_errors_caught(
        body in "[0-9A-HJ-NPQRTUWXY]{17}", at in 0usize..18, to in 0usize..31,
    ) {
        let code = CreditCode::compose(&body).unwrap();
        prop_assert_eq!(CreditCode::parse(code.as_str()), Ok(code.clone()));
        let mut bytes = code.as_str().as_bytes().to_vec();
        let new = b"0123456789ABCDEFGHJKLMNPQRTUWXY"[to];
        prop_assume!(bytes[at] != new);
        bytes[at] = new;
        prop_assert_eq!(CreditCode::parse(&String::from_utf8(bytes).unwrap()), Err(E::CheckCharacter));
    }
}
