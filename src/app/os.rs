//! What the operating system answers, in both languages.

use std::io::{Error, ErrorKind};

use crate::domain::text::Text;

/// Why the system did not do it. Its own words, which are English, follow in brackets.
#[must_use]
pub fn reason(error: &Error) -> Text {
    let zh = match error.kind() {
        ErrorKind::NotFound => "文件或目录不存在",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::AlreadyExists => "同名文件已存在",
        ErrorKind::IsADirectory => "这是目录，不是文件",
        ErrorKind::NotADirectory => "路径中有一段不是目录",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "磁盘空间不足",
        ErrorKind::ReadOnlyFilesystem => "该位置只能读取",
        ErrorKind::AddrInUse => "端口已被占用",
        ErrorKind::AddrNotAvailable => "本机没有这个地址",
        ErrorKind::InvalidFilename => "文件名不可用",
        ErrorKind::TimedOut => "等待超时",
        _ => "系统报错",
    };
    Text::new(format!("{zh}（{error}）"), error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_sentence_comes_first() {
        let error = std::fs::read("no/such/file").unwrap_err();
        let text = reason(&error);
        assert!(text.zh.starts_with("文件或目录不存在（"), "{text}");
        assert_eq!(text.en, error.to_string());
    }
}
