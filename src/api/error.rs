//! The one table of error codes, and how an error becomes `application/problem+json` (RFC 9457).
//!
//! Invariant: a body holds a code from the table, a sentence in the caller's language, field pointers and the request id;
//! never a cause, a query or a path. The cause goes to the log under the same request id. A test walks the table: every
//! code is used and every code stands in the OpenAPI document.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::error::{AppError, FieldCode, FieldError, Refusal};
use crate::domain::text::{Label, Lang, Text};

macro_rules! error_table {
    ($($variant:ident = $code:literal, $status:ident, $zh:literal, $en:literal;)+) => {
        /// Why a request was not carried out.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($variant,)+
            /// The stored data does not allow it: status 409 with the refusal's own code.
            Refused(Refusal),
        }

        impl ErrorCode {
            /// Every code there is, refusals included.
            pub fn all() -> impl Iterator<Item = Self> {
                [$(Self::$variant,)+].into_iter().chain(Refusal::ALL.iter().copied().map(Self::Refused))
            }

            /// The stable code programs look at.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ Self::Refused(refusal) => refusal.code() }
            }

            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ Self::Refused(_) => StatusCode::CONFLICT }
            }

            /// What happened, why, and what to do.
            #[must_use]
            pub const fn text(self) -> Label {
                match self { $(Self::$variant => Label { zh: $zh, en: $en },)+ Self::Refused(refusal) => refusal.text() }
            }
        }
    };
}

error_table! {
    Malformed = "malformed_request", BAD_REQUEST, "请求格式有误，未作处理。请核对后重试。", "The request is malformed and was not carried out. Please check it and try again.";
    MalformedJson = "malformed_json", BAD_REQUEST, "请求内容不是有效的 JSON，未作处理。请核对格式。", "The body is not valid JSON, so nothing was done. Please check its form.";
    SignInRefused = "sign_in_refused", UNAUTHORIZED, "登录名、密码或验证码不对，未登录。请核对后重试；忘记密码请联系管理员。", "Login, password or code is not right, so you are not signed in. Please check them; an administrator can reset a lost password.";
    NotSignedIn = "not_signed_in", UNAUTHORIZED, "尚未登录或登录已失效。请登录后再试。", "You are not signed in, or the sign-in has ended. Please sign in and try again.";
    NotAllowed = "not_allowed", FORBIDDEN, "您的角色不能进行此操作。如有需要请联系管理员。", "None of your roles may do this. Please ask the administrator if you need it.";
    ReasonRequired = "reason_required", FORBIDDEN, "查看个人信息须填写理由（请求头 X-Access-Reason），理由会被记录。", "Looking at personal data needs a reason (header X-Access-Reason); it is recorded.";
    PasswordChangeRequired = "password_change_required", FORBIDDEN, "请先设置新密码，再继续使用。", "Please set a new password first.";
    SecondFactorRequired = "second_factor_required", FORBIDDEN, "您的角色须启用两步验证。请先在“我的账号”中设置。", "Your role needs a second factor. Please set one up under your account first.";
    CsrfTokenRequired = "csrf_token_required", FORBIDDEN, "请求缺少防伪标记（X-CSRF-Token），已拒绝。请刷新页面后重试。", "The request lacks its token (X-CSRF-Token) and was refused. Please reload the page and try again.";
    ForeignSite = "foreign_site", FORBIDDEN, "请求来自其他网站或未登记的域名，已拒绝。请直接访问本服务；新域名用 --host 登记。", "The request came from another site or by a name nobody gave, and was refused. Please use this service directly; --host gives it a name.";
    NotFound = "not_found", NOT_FOUND, "没有找到。请核对地址和编号。", "Nothing was found here. Please check the address and the id.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "该地址不支持此方法。可用的方法见 Allow。", "This address does not take that method. The header Allow lists those it takes.";
    BodyTimeout = "body_timeout", REQUEST_TIMEOUT, "请求内容发送过慢，已停止接收。请检查网络后重试。", "The body came too slowly and was cut off. Please check the connection and try again.";
    KeyRunning = "idempotency_key_running", CONFLICT, "相同请求键的请求正在处理。请稍后再试。", "A request with this key is still running. Please try again shortly.";
    Stale = "changed_since_read", PRECONDITION_FAILED, "记录已被他人修改，本次未保存。请刷新后再改。", "Somebody changed the record since you read it; nothing was saved. Please reload and change it again.";
    TooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "请求内容过大，未作处理。请拆分后再传。", "The body is too large and was not taken. Please send less at a time.";
    UnsupportedMedia = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "不支持此内容类型。请按接口文档设置 Content-Type。", "This content type is not taken here. Please see the API document for the right one.";
    Invalid = "validation_failed", UNPROCESSABLE_ENTITY, "请求中有内容不对，未执行。请按提示逐项修改。", "Something in the request is not valid and nothing was done. Please correct what is listed.";
    Unlawful = "posting_unlawful", UNPROCESSABLE_ENTITY, "岗位内容不符合法律规定，不能发布。请按提示修改。", "The posting breaks the law and cannot be published. Please change what is listed.";
    KeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "该请求键已用于另一项请求。请换一个新的键。", "This key was used for a different request. Please use a new one.";
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, "请求过于频繁，未处理。请稍等一两秒再试。", "There were too many requests, so this one was not carried out. Please wait a second or two.";
    TooManyAttempts = "too_many_attempts", TOO_MANY_REQUESTS, "尝试次数过多，暂未处理。请一分钟后再试。", "There were too many attempts, so this one was not looked at. Please try again in a minute.";
    IfMatchMissing = "if_match_required", PRECONDITION_REQUIRED, "缺少 If-Match。请先读取记录，再带上它的 ETag 提交。", "If-Match is missing. Please read the record first and send its ETag.";
    Internal = "internal_error", INTERNAL_SERVER_ERROR, "服务出错，未完成。请把请求编号告知管理员。", "The service failed and did not finish. Please tell the administrator the request id.";
    Busy = "busy", SERVICE_UNAVAILABLE, "计算任务已满，暂未处理。请稍后再试。", "All computing places are taken. Please try again shortly.";
    Unavailable = "not_ready", SERVICE_UNAVAILABLE, "数据库暂时不可用。请稍后再试。", "The database cannot be reached at present. Please try again shortly.";
}

impl ErrorCode {
    /// The general code of a status that a part below ours answered with.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::NotSignedIn,
            StatusCode::FORBIDDEN => Self::ForeignSite,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Self::BodyTimeout,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMedia,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Invalid,
            status if status.is_client_error() => Self::Malformed,
            _ => Self::Internal,
        }
    }
}

/// An error on its way to the caller. The guard renders it, because only the guard knows the language and the request id.
#[derive(Debug)]
pub struct ApiError {
    pub code: ErrorCode,
    /// Which record or number stands in the way.
    pub detail: Option<Text>,
    pub errors: Vec<FieldError>,
    /// Methods for `Allow`.
    pub allow: Option<String>,
}

impl ApiError {
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, detail: None, errors: Vec::new(), allow: None }
    }

    /// One field of a request is not valid.
    #[must_use]
    pub fn field(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self { errors: vec![FieldError::new(pointer, code)], ..Self::new(ErrorCode::Invalid) }
    }

    /// The same as an error of a use case, for checks of a body inside a transaction.
    #[must_use]
    pub fn into_app(self) -> AppError {
        AppError::Invalid(self.errors)
    }

    /// The problem document as a response.
    #[must_use]
    pub fn render(&self, lang: Lang, request_id: &str) -> HttpResponse {
        let status = self.code.status();
        let mut response = HttpResponse::build(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            // After a minute one more attempt is free, whatever happened before; requests flow again at once.
            let after = if self.code == ErrorCode::TooManyAttempts { "60" } else { "1" };
            response.insert_header((header::RETRY_AFTER, after));
        }
        if let Some(allow) = &self.allow {
            response.insert_header((header::ALLOW, allow.as_str()));
        }
        let problem = Problem {
            r#type: format!("urn:wangjia:error:{}", self.code.code()),
            title: self.code.text().get(lang).to_owned(),
            detail: self.detail.as_ref().map(|text| text.get(lang).to_owned()),
            status: status.as_u16(),
            code: self.code.code().to_owned(),
            request_id: request_id.to_owned(),
            errors: self.errors.iter().map(|error| ProblemField::new(error, lang)).collect(),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        response.content_type(PROBLEM_JSON).body(body)
    }
}

pub const PROBLEM_JSON: &str = "application/problem+json";

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.code())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// Only the status: the guard writes the body.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::NotFound => Self::new(ErrorCode::NotFound),
            AppError::NotAllowed => Self::new(ErrorCode::NotAllowed),
            AppError::Refused(refusal, because) => {
                Self { detail: because.map(|text| *text), ..Self::new(ErrorCode::Refused(refusal)) }
            }
            AppError::Invalid(errors) => Self { errors, ..Self::new(ErrorCode::Invalid) },
            AppError::Unlawful(errors) => Self { errors, ..Self::new(ErrorCode::Unlawful) },
            AppError::Stale => Self::new(ErrorCode::Stale),
            AppError::SignInRefused => Self::new(ErrorCode::SignInRefused),
            AppError::TooManyAttempts => Self::new(ErrorCode::TooManyAttempts),
            AppError::Busy => Self::new(ErrorCode::Busy),
            AppError::Unavailable(_) => {
                tracing::warn!(error = error.for_log(), "database not available");
                Self::new(ErrorCode::Unavailable)
            }
            AppError::Db(_) | AppError::KeyTaken | AppError::Cancelled | AppError::Internal(_) => {
                tracing::error!(error = error.for_log(), "request failed");
                Self::new(ErrorCode::Internal)
            }
        }
    }
}

/// What every refused or failed request is answered with (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem; follows `code`.
    #[schema(example = "urn:wangjia:error:not_found")]
    pub r#type: String,
    /// What happened and what to do, in the language of `Accept-Language` (Chinese unless English is preferred).
    #[schema(example = "没有找到。请核对地址和编号。")]
    pub title: String,
    /// Which record or number stands in the way, where one does.
    #[schema(example = "已记录 1 次拒绝合适岗位，规则要求 3 次。")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The HTTP status.
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// Stable code from the error table.
    #[schema(example = "not_found")]
    pub code: String,
    /// The same as the header `X-Request-Id`; tell it to the administrator.
    #[schema(example = "0f3a9c52b1d04e67")]
    pub request_id: String,
    /// The fields at fault; empty when the request as a whole is.
    pub errors: Vec<ProblemField>,
}

/// One field at fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// RFC 6901 pointer into the body, `?name` for a query parameter, `#Name` for a header.
    #[schema(example = "/name")]
    pub pointer: String,
    /// Stable code of the fault; for a posting the rule of the posting law check.
    #[schema(example = "missing")]
    pub code: String,
    /// What is wrong and what to do.
    #[schema(example = "必填，请填写。")]
    pub message: String,
}

impl ProblemField {
    pub(super) fn new(error: &FieldError, lang: Lang) -> Self {
        Self { pointer: error.pointer.clone(), code: error.code.to_string(), message: error.text.get(lang).to_owned() }
    }
}
