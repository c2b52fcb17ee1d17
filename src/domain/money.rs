//! What is pay worth a month?
//!
//! Posted pay is in fen, in its own unit; people and the engine compare whole yuan a month. Integer arithmetic, rounded **down**, so that
//! a comparison never promises more than the posting. Constant time.

use std::fmt;

use super::codes::PayKind;
use super::text::Text;

/// Paid days of an average month in hundredths: 21.75 = (365 − 104) / 12, the national standard for turning daily into
/// monthly wages (劳社部发〔2008〕3号). Work on 26 days would include the rest days' overtime, which a posting does not promise.
pub const PAID_DAYS_HUNDREDTHS: i64 = 2175;
/// Hours of a normal day (劳动法 art. 36).
pub const HOURS_A_DAY: i64 = 8;
/// No pay above this is believed, in yuan a month.
pub const MAX_MONTHLY_YUAN: u32 = 1_000_000;

/// Why pay has no monthly equivalent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayError {
    Negative,
    TooLarge,
}

impl PayError {
    /// Stable code for findings and the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Negative => "pay_negative",
            Self::TooLarge => "pay_too_large",
        }
    }

    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Negative => Text::new("薪资不能是负数。", "Pay cannot be negative."),
            Self::TooLarge => Text::new(
                format!("折算月薪超过{MAX_MONTHLY_YUAN}元，请核对单位。"),
                format!("Pay comes to more than {MAX_MONTHLY_YUAN} yuan a month; check its unit."),
            ),
        }
    }
}

impl fmt::Display for PayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for PayError {}

/// Monthly equivalent in whole yuan of `fen` in the unit of `kind`: monthly as it is; daily × 21.75; hourly × 8 × 21.75; piece
/// work is posted as the employer's estimate for a month and is taken as that.
///
/// # Errors
/// Negative pay, and more than [`MAX_MONTHLY_YUAN`] a month.
pub fn monthly_yuan(kind: PayKind, fen: i64) -> Result<u32, PayError> {
    if fen < 0 {
        return Err(PayError::Negative);
    }
    let hundredths_of_fen = match kind {
        PayKind::Monthly | PayKind::Piece => fen.checked_mul(100),
        PayKind::Daily => fen.checked_mul(PAID_DAYS_HUNDREDTHS),
        PayKind::Hourly => fen.checked_mul(PAID_DAYS_HUNDREDTHS * HOURS_A_DAY),
    };
    hundredths_of_fen
        .and_then(|amount| u32::try_from(amount / 10_000).ok())
        .filter(|yuan| *yuan <= MAX_MONTHLY_YUAN)
        .ok_or(PayError::TooLarge)
}
