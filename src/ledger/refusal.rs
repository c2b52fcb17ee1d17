//! Why a whole file is refused before a single row is looked at.

use crate::domain::text::{Label, Text};

macro_rules! refusals {
    ($($variant:ident = $code:literal, $zh:literal, $en:literal;)+) => {
        /// One reason per file; nothing of a refused file is stored.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
        #[error("file refused: {}", self.code())]
        pub enum Refusal { $($variant,)+ }

        impl Refusal {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code of the reason.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            #[must_use]
            pub const fn label(self) -> Label {
                match self { $(Self::$variant => Label { zh: $zh, en: $en },)+ }
            }
        }
    };
}

refusals! {
    Empty = "file_empty", "文件是空的，请选择有内容的表格。", "The file is empty; please choose one with content.";
    TooLarge = "file_too_large", "文件超过 64 MB，请按社区或网格拆分后分别导入。", "The file is larger than 64 MB; please split it by community or grid.";
    TooManyCells = "file_too_many_cells", "表格超过 20 万行、200 列、1,200 万个单元格或 256 MB 文字，请拆分后分别导入。", "The file has more than 200,000 rows, 200 columns, 12 million cells or 256 MB of text; please split it.";
    CellTooLong = "file_cell_too_long", "有一个单元格的内容超过 1 MB（表格软件最多 32,767 个字符），多半是引号或分隔符有误，请检查后另存再试。", "A cell holds more than 1 MB (a spreadsheet holds 32,767 characters at most), most likely for a wrong quotation mark or separator; please check the file and save it again.";
    Bomb = "file_bomb", "文件解压后异常庞大，已拒绝。请用表格软件另存后再试。", "The file unpacks to an abnormal size and was refused; please save it again with a spreadsheet program.";
    Truncated = "file_truncated", "文件不完整或已损坏，请重新下载或另存后再试。", "The file is cut off or damaged; please download or save it again.";
    NotAWorkbook = "file_not_a_workbook", "文件内容不是表格（.xlsx、.xls 或 .csv），请另存为 .xlsx 后再试。", "The content is no spreadsheet (.xlsx, .xls or .csv); please save it as .xlsx.";
    Macros = "file_has_macros", "文件带有宏，为安全起见不接受，请另存为不含宏的 .xlsx。", "The file contains macros and is not accepted; please save it as .xlsx without macros.";
    OldOrEncrypted = "file_old_or_encrypted", "文件设有密码，或是 Excel 95 及更早的格式，请另存为不加密的 .xlsx 后再试。", "The file has a password or is of Excel 95 or older; please save it as an .xlsx without a password.";
    WebPage = "file_is_web_page", "文件其实是网页或 XML（有些系统导出时取名 .xls），请用表格软件打开，另存为 .xlsx 后再试。", "The file is a web page or XML (some systems export these as .xls); please open it with a spreadsheet program and save it as .xlsx.";
    Encoding = "file_encoding", "文字编码无法识别，请另存为 UTF-8 编码的 CSV 或 .xlsx。", "The text encoding is not known; please save as CSV in UTF-8 or as .xlsx.";
    NoKnownSheet = "file_no_known_sheet", "没有找到认识的表头，请对照模板检查列名（wangjia template 可生成模板）。", "No known table head was found; please compare the columns with the template (wangjia template writes one).";
}

impl From<Refusal> for Text {
    fn from(refusal: Refusal) -> Self {
        refusal.label().into()
    }
}
