//! The building list (楼栋清单).

use rust_xlsxwriter::{Workbook, XlsxError};

use super::super::{COMMUNITY, Town};
use super::{Column, workbook as sheet};

const COLUMNS: [Column; 4] = [("社区", 14.0), ("网格", 12.0), ("楼栋", 10.0), ("步行到园区分钟", 16.0)];

pub(super) fn workbook(town: &Town) -> Result<Workbook, XlsxError> {
    sheet(town, "楼栋清单", &COLUMNS, |rows| {
        for building in &town.buildings {
            rows.push([
                COMMUNITY.into(),
                building.grid.as_str().into(),
                building.name.as_str().into(),
                building.minutes_to_park.into(),
            ])?;
        }
        Ok(())
    })
}
