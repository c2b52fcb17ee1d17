//! What the name of a sheet says of its rows: offices keep one sheet a building.

use unicode_normalization::UnicodeNormalization;

/// Names of buildings end so.
const ENDS: [&str; 6] = ["号楼", "#楼", "栋楼", "栋", "幢", "座"];
/// Longest number of a building.
const LONGEST: usize = 4;

/// The building a sheet is named after (`3栋`, `A2号楼`, `二十栋`); `None` for any other name.
pub fn building(name: &str) -> Option<String> {
    let name: String = name.nfkc().filter(|c| !c.is_whitespace()).collect();
    let number = ENDS.iter().find_map(|end| name.strip_suffix(end))?;
    let is_number = |c: char| c.is_ascii_alphanumeric() || c == '-' || "一二三四五六七八九十".contains(c);
    let fits = (1..=LONGEST).contains(&number.chars().count()) && number.chars().all(is_number);
    let has_number = number.chars().any(|c| c.is_ascii_digit() || !c.is_ascii());
    (fits && has_number).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::building;

    #[test]
    fn sheets_named_after_buildings() {
        for (name, expected) in [
            ("3栋", "3栋"),
            (" ３ 栋 ", "3栋"),
            ("A2号楼", "A2号楼"),
            ("二十栋", "二十栋"),
            ("7#楼", "7#楼"),
            ("1-2幢", "1-2幢"),
        ] {
            assert_eq!(building(name).as_deref(), Some(expected), "{name}");
        }
        for name in ["Sheet1", "汇总", "栋", "A栋楼栋", "第一网格", "2026年台账", "12345栋", "全部楼栋", "B栋"]
        {
            assert_eq!(building(name), None, "{name}");
        }
    }
}
