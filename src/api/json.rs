//! Strict JSON: what two parsers could read differently is refused, and every fault has a pointer.
//!
//! Refused: repeated keys, text after the value, byte order marks, lone surrogates, fractions or exponents where an integer
//! is asked, fields the type does not have. Two passes over the bytes; nesting is limited to 128 by the parser.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

use super::error::{ApiError, ErrorCode};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::domain::text::Text;

/// A JSON value in which no object has a key twice.
struct Unambiguous(Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Self)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Unambiguous(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Unambiguous(value))) = map.next_entry::<String, Unambiguous>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("{} {}", coded(FieldCode::Repeated), escape(&key))));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

const MARK: &str = "wangjia:";

/// A deserialization error that carries a field code; [`fault`] reads it back.
pub fn coded(code: FieldCode) -> String {
    format!("{MARK}{}", code.code())
}

/// Reads one JSON value.
///
/// # Errors
/// 400 for bytes that are not JSON, with the place; 422 for a repeated key.
pub fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: Result<Unambiguous, _> = serde_path_to_error::deserialize(&mut deserializer);
    match value {
        Ok(Unambiguous(value)) => match deserializer.end() {
            Ok(()) => Ok(value),
            Err(error) => Err(malformed(&error)),
        },
        Err(error) if error.inner().to_string().starts_with(MARK) => {
            Err(AppError::from(fault(error.path(), &error.inner().to_string())).into())
        }
        Err(error) => Err(malformed(error.inner())),
    }
}

/// No JSON from a place on.
fn malformed(error: &serde_json::Error) -> ApiError {
    let (line, column) = (error.line(), error.column());
    let detail = Text::new(format!("第 {line} 行第 {column} 列附近。"), format!("Near line {line}, column {column}."));
    ApiError { detail: Some(detail), ..ErrorCode::MalformedJson.into() }
}

/// Gives a value its type.
///
/// # Errors
/// 422 with the pointer of the first field that does not fit.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, AppError> {
    serde_path_to_error::deserialize(value).map_err(|error| fault(error.path(), &error.inner().to_string()).into())
}

/// The field error in serde's message. The messages are serde's public wording; a test pins each of them.
fn fault(path: &Path, message: &str) -> FieldError {
    let mut pointer = pointer(path);
    let code = if let Some(code) = message.strip_prefix(MARK) {
        // The parser adds where it stood; a repeated key stands between.
        let code = code.rsplit_once(" at line ").map_or(code, |(code, _)| code);
        let (code, key) = code.split_once(' ').unwrap_or((code, ""));
        if !key.is_empty() {
            pointer.push('/');
            pointer.push_str(key);
        }
        FieldCode::from_code(code).unwrap_or(FieldCode::WrongType)
    } else if let Some(rest) = message.strip_prefix("missing field `") {
        pointer.push('/');
        pointer.push_str(rest.split('`').next().unwrap_or_default());
        FieldCode::Missing
    } else if message.starts_with("unknown field") {
        FieldCode::Unknown
    } else if message.starts_with("unknown variant") {
        FieldCode::NotInList
    } else if message.starts_with("invalid value") {
        FieldCode::OutOfRange
    } else {
        FieldCode::WrongType
    };
    let mut error = FieldError::new(pointer, code);
    if code == FieldCode::NotInList
        && let Some((_, choices)) = message.split_once("expected one of ")
    {
        error.text = Text::new(
            format!("不在可选项内。可选：{}。", choices.replace('`', "").replace(", ", "、")),
            format!("The value is not in the list of choices: {}.", choices.replace('`', "")),
        );
    }
    error
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&escape(key));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A merge patch (RFC 7396) of a `T`: `null` clears a field, an absent field stays, objects merge, lists are replaced.
pub struct MergePatch<T> {
    patch: Value,
    of: PhantomData<fn() -> T>,
}

impl<'de, T> Deserialize<'de> for MergePatch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let patch = Map::deserialize(deserializer)?;
        Ok(Self { patch: Value::Object(patch), of: PhantomData })
    }
}

impl<T> MergePatch<T> {
    /// Whether it leaves everything as it is: nothing is written then, and the version stays.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patch.as_object().is_some_and(Map::is_empty)
    }
}

impl<T: Serialize + DeserializeOwned> MergePatch<T> {
    /// What `current` becomes.
    ///
    /// # Errors
    /// `Invalid` if the patch has a field that `T` does not have, or the result is no `T`.
    pub fn apply(&self, current: &T) -> Result<T, AppError> {
        let mut value = serde_json::to_value(current).map_err(anyhow::Error::from)?;
        merge(&mut value, &self.patch);
        typed(value)
    }
}

/// The schema of `T` with every field optional.
pub fn patch_schema<T: PartialSchema>() -> RefOr<Schema> {
    let mut schema = T::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.required.clear();
    }
    schema
}

/// Names the merge patch of a type for the OpenAPI document.
macro_rules! merge_patch {
    ($name:ident, $of:ident) => {
        #[doc = concat!("A merge patch (RFC 7396) of `", stringify!($of), "`: an absent field stays, `null` clears it.")]
        #[derive(serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $crate::api::json::MergePatch<$of>);

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::api::json::patch_schema::<$of>()
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                <$of as utoipa::ToSchema>::schemas(schemas);
            }
        }
    };
}
pub(super) use merge_patch;

/// Applies an RFC 7396 merge patch: `null` clears, absent leaves, objects merge.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(object) = target {
        for (key, value) in patch {
            if value.is_null() {
                object.remove(key);
            } else {
                merge(object.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the errors of reading it are looked at")]
    struct Body {
        count: u8,
        list: Vec<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        One,
        Two,
    }

    #[track_caller]
    fn check(body: &str, pointer: &str, code: &str) {
        let error = parse(body.as_bytes()).and_then(|value| Ok(typed::<Body>(value)?)).unwrap_err();
        let found = error.errors.first().map_or(("", error.code.code()), |e| (e.pointer.as_str(), e.code.as_ref()));
        assert_eq!(found, (pointer, code), "{body}");
    }

    #[test]
    fn every_fault_has_its_code_and_pointer() {
        check("", "", "malformed_json");
        check("{", "", "malformed_json");
        check("\u{feff}{}", "", "malformed_json");
        check(r#"{"count":1,"list":[]} x"#, "", "malformed_json");
        check(r#"{"count":1,"list":["\ud800"]}"#, "", "malformed_json");
        check(&"[".repeat(200_000), "", "malformed_json");
        check(r#"{"count":1,"count":2,"list":[]}"#, "/count", "repeated");
        check(r#"{"count":1,"list":[{"a":1,"a":1}]}"#, "/list/0/a", "repeated");
        check("[]", "", "wrong_type");
        check("{}", "/count", "missing");
        check(r#"{"count":1}"#, "/list", "missing");
        check(r#"{"count":300,"list":[]}"#, "/count", "out_of_range");
        check(r#"{"count":1e2,"list":[]}"#, "/count", "wrong_type");
        check(r#"{"count":1.0,"list":[]}"#, "/count", "wrong_type");
        check(r#"{"count":"1","list":[]}"#, "/count", "wrong_type");
        check(r#"{"count":99999999999999999999,"list":[]}"#, "/count", "wrong_type");
        check(r#"{"count":1,"list":["one","three"]}"#, "/list/1", "not_in_list");
        check(r#"{"count":1,"list":[],"a/b":1}"#, "/a~1b", "unknown");
    }

    #[test]
    fn merge_patch_follows_the_examples_of_rfc_7396() {
        for (target, patch, result) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":"foo"}"#, "null", "null"),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            let mut value = parse(target.as_bytes()).unwrap();
            merge(&mut value, &parse(patch.as_bytes()).unwrap());
            assert_eq!(value, parse(result.as_bytes()).unwrap(), "{target} {patch}");
        }
    }
}
