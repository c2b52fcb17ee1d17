//! Why a use case did not do what was asked: one enum for every caller (HTTP, command line, pages).
//!
//! Invariant: nothing in here that a user may see names a cause, a query or a path; the chain below `Internal` goes to the
//! log only. Every code has a Chinese and an English sentence.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;

use crate::db::DbError;
use crate::domain::text::{Label, Text};

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($variant,)+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code programs look at.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The value with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The sentence people read.
            #[must_use]
            pub const fn text(self) -> Label {
                match self { $(Self::$variant => Label { zh: $zh, en: $en },)+ }
            }
        }
    };
}

coded! {
    /// The request is well formed, the data stored now does not allow it.
    Refusal {
        AlreadyExists = "already_exists", "已有同名或同编号的记录。请核对后修改原记录。", "A record with this name or number exists already. Please check and change that one.";
        IdNumberTaken = "id_number_taken", "该身份证号已登记。请查询已有的居民记录。", "This ID number is registered already. Please look up the existing resident.";
        AlreadyMember = "already_member", "该居民已是一户的成员。请先办理迁出，再迁入。", "This resident is a member of a household already. Record the leaving first, or use a move.";
        MembershipOverlaps = "membership_overlaps", "该居民在这段时间已是另一户的成员。请核对起止日期。", "The resident was a member of a household on some of these days. Please check the dates.";
        NotAMember = "not_a_member", "该居民目前不是这一户的成员。请核对户编号。", "This resident is not a current member of the household. Please check the household.";
        HeadMustStay = "head_must_stay", "户主不能直接迁出。请先变更户主。", "The head cannot leave while others stay. Please change the head first.";
        HouseholdEmpty = "household_empty", "该户已没有成员，不能办理此项。", "The household has no members left, so this cannot be done.";
        SameHousehold = "same_household", "两户相同。请选择另一户。", "Both households are the same one. Please choose another.";
        PostingFull = "posting_full", "该岗位已招满。请选择其他岗位，或先核对在岗人数。", "This posting has no place left. Please choose another, or check who works there.";
        PostingNotOpen = "posting_not_open", "该岗位未发布或已关闭，不能登记就业。", "This posting is not published, so nobody can be placed there.";
        HeadcountBelowFilled = "headcount_below_filled", "招聘人数少于已在岗人数。请核对人数。", "The headcount is below the places already filled. Please check the number.";
        SpellOverlaps = "spell_overlaps", "该居民在此期间已有一份工作。请先结束原记录，或注明为非全日制。", "The resident holds another job in these dates. End that record first, or mark this one part-time.";
        HoursOverlap = "hours_overlap", "该居民另一份非全日制工作的时间与此冲突。请核对两处的工作时间。", "The hours meet those of the resident's other part-time job. Please check the hours of both.";
        SpellEnded = "spell_ended", "该就业记录已结束，不能再次结束。", "This employment record has ended already.";
        WrongStatus = "wrong_status", "当前状态不允许此操作。请刷新后再试。", "The present state does not allow this. Please reload and look again.";
        PlanUnproved = "plan_unproved", "计划未通过独立校验，未保存。请把任务编号告知管理员。", "The plan did not pass the independent check and was not stored. Please tell the administrator the job's id.";
        PlanTooLarge = "plan_too_large", "数据规模或权重超出可计算的范围，未生成计划。请核对重点户权重。", "The numbers are too large to compute with, so no plan was made. Please check the weight of monitored households.";
        PlanNotCurrent = "plan_not_current", "现行计划已不是您看到的那一个，未采用。请刷新后再试。", "The plan in force is not the one you expected, so nothing was adopted. Please reload and look again.";
        PlanSuperseded = "plan_superseded", "此计划生成后已采用了其他计划，不能再采用。请重新生成计划。", "Another plan was adopted after this one was made, so it cannot be adopted. Please propose again.";
        PlanAdopted = "plan_adopted", "此计划已是现行计划。", "This plan is in force already.";
        PlanRecordsChanged = "plan_records_changed", "计划生成后记录或日期有变化，未采用。请重新生成计划，或确认仍按原计划采用。", "The records have changed since the plan was made, or it is of another day, so it was not adopted. Please propose again, or confirm that it is to be adopted as it is.";
        PlanOutdated = "plan_outdated", "计划生成后记录有变化，无法据此推算。请重新生成计划后再试。", "The records have changed since the plan was made, so nothing can be computed from it. Please propose again and ask about the new plan.";
        PairDecided = "pair_decided", "该居民与该岗位，或该居民的指定，已有一项决定。请先结束原来的决定。", "A decision about this pair, or another pin of the resident, stands. Please end that one first.";
        PinEnded = "pin_ended", "该指定或排除已结束。", "This decision has ended already.";
        AuditBroken = "audit_broken", "审计链不完整，未作清除。请运行 wangjia audit verify 查明原因。", "The audit's chain is broken, so nothing was removed. Please run `wangjia audit verify` and find out why.";
        LastAdministrator = "last_administrator", "这是最后一个可用的管理员账号，不能停用或取消其角色。请先设立另一名管理员。", "This is the last administrator who can sign in, so the account must stay one. Please make another administrator first.";
        SecondFactorSetUp = "second_factor_set_up", "已设置两步验证。请先取消，再重新设置。", "A second factor is set up already. Remove it first to set up another.";
        SecondFactorNotSetUp = "second_factor_not_set_up", "尚未设置两步验证。请先开始设置。", "No second factor is being set up or in use here. Please begin setting one up.";
        SignInNeeded = "sign_in_needed", "此项须登录后本人办理，不能使用接口令牌。", "This is done by the person signed in; an API token cannot do it.";
        AccountDisabled = "account_disabled", "该账号已停用，不能办理此项。请先启用。", "This account is disabled, so this cannot be done. Please enable it first.";
        NoLegalBasis = "no_legal_basis", "这一用途在该日没有法律依据，未处理。请管理员登记依据（wangjia privacy basis）。", "This purpose has no legal basis on that day, so nothing was done. Please have one recorded (`wangjia privacy basis`).";
        IntroductionNeedsConsent = "introduction_needs_consent", "向用人单位介绍只能以本人同意为依据。", "An introduction to an employer rests on the person's consent and on nothing else.";
        DataRestricted = "data_restricted", "该居民的个人信息已限制处理，只能保存。", "The resident's data is restricted and may only be stored.";
        UnderWorkingAge = "under_working_age", "未满 16 周岁，不得介绍就业。", "Nobody under 16 may be introduced to work.";
        RecipientContactMissing = "recipient_contact_missing", "该企业未登记地址，无法告知居民接收方的联系方式。请先补充。", "The employer has no address on file, so the resident cannot be told whom to contact. Please add it first.";
        ConsentMissing = "consent_missing", "本人尚未同意向该企业介绍，或同意已失效。", "The resident has not consented to this introduction, or the consent is no longer valid.";
        OwnRequest = "own_request", "申请人不能批准自己的申请。请由另一人决定。", "Nobody decides their own request. Please have another person decide.";
        ServiceNotAgreed = "service_not_agreed", "本人未同意或已撤回就业服务，或不能再服务，不能推荐。请先征得同意。", "The person has not agreed to be served, or took that back, so nothing can be proposed. Please ask first.";
        ConditionsChanged = "conditions_changed", "录用前的条件核对未通过，未登记上岗。请联系就业专干核对。", "The check before a hire did not pass, so nothing was recorded. Please ask the job counselor.";
        ReferralOpen = "referral_open", "该居民在这家企业已有一项推荐正在办理。请先办完那一项。", "A referral of this resident to this employer is still open. Please bring that one to its end first.";
        MoveNotAllowed = "move_not_allowed", "从当前状态不能直接到所要的状态，或应由另一方办理。请刷新后按顺序办理。", "This cannot follow the present state, or is for the other side to do. Please reload and go step by step.";
        ExitCovered = "exit_covered", "该户已有人就业，不需要退出认定。", "Somebody in the household works, so there is nothing to exit from.";
        NotUncovered = "not_uncovered", "该户当天已有人就业，或没有可就业的人，不需要认定。请核对就业记录。", "Somebody in the household works on that day, or nobody could, so there is nothing to recognise. Please check the jobs on file.";
        AlreadyRecognised = "already_recognised", "该户已认定，时限正在计算。", "The household is recognised already; its clock is running.";
        ExitNotAllowed = "exit_not_allowed", "按现行规则还不能以此原因退出。请核对拒绝记录或联系记录。", "The rules do not allow this reason yet. Please check the refusals or the attempts on record.";
        CourseNotOpen = "course_not_open", "该课程未开放报名、已截止或已结束。请选择其他课程。", "Nobody can enrol in this course now: it is not open, or over. Please choose another.";
        CourseFull = "course_full", "该课程名额已满。请选择其他课程，或待有人退出。", "Every seat of this course is taken. Please choose another, or wait until somebody leaves.";
        AlreadyEnrolled = "already_enrolled", "该居民已报名这门课程。", "The resident is enrolled in this course already.";
        CoursePassed = "course_passed", "该居民已通过这门课程的考核，不必再报名。", "The resident has passed this course already.";
        SeatsBelowTaken = "seats_below_taken", "名额少于已报名人数。请核对名额。", "There would be fewer seats than are taken. Please check the number.";
        TooYoungToTrain = "too_young_to_train", "未满 16 周岁，不能参加就业培训。", "Nobody under 16 can take a course for work.";
        HouseholdMissing = "household_missing", "该居民不属于任何一户，无法核对条件。请先办理入户。", "The resident belongs to no household, so the conditions cannot be checked. Please enter the household first.";
        ReportFrozen = "report_frozen", "这个月的月报已冻结。记录有更正时，请在原月报上办理更正。", "This month is frozen already. Where records were corrected, please correct that report.";
        ReportCorrected = "report_corrected", "这一版已被后来的更正取代。请打开最新一版。", "A later version corrects this one. Please open the newest.";
        ReportUnchanged = "report_unchanged", "按现在的记录重算，数字和名单都没有变化，不需要更正。", "Counted anew, no figure and no list has changed, so there is nothing to correct.";
        ReportSigned = "report_signed", "这一版已经签发。", "This version is signed already.";
        ReportAltered = "report_altered", "这份月报与冻结时的内容不符，不能签发。请把编号告知管理员。", "The report is not what was frozen, so it cannot be signed. Please tell the administrator its number.";
        JobFinished = "job_finished", "任务已结束，不能取消。", "The job has finished, so it cannot be cancelled.";
    }
}

coded! {
    /// What is wrong with one field of what was sent.
    FieldCode {
        Missing = "missing", "必填，请填写。", "This field is required.";
        Unknown = "unknown", "没有这个字段。请核对名称。", "There is no such field. Please check its name.";
        Repeated = "repeated", "重复出现。请只保留一个。", "This is given more than once. Please keep one.";
        WrongType = "wrong_type", "类型不对。请按接口文档填写。", "The value has the wrong type. Please see the API document.";
        OutOfRange = "out_of_range", "数值超出范围。请核对。", "The value is out of range. Please check it.";
        NotInList = "not_in_list", "不在可选项内。请从列表中选择。", "The value is not in the list of choices.";
        Empty = "empty", "不能为空。请填写内容。", "This may not be empty.";
        TooLong = "too_long", "内容过长。请缩短。", "This is too long. Please shorten it.";
        TooShort = "too_short", "内容过短。请写得具体一些。", "This is too short. Please say more.";
        TooMany = "too_many", "条数过多。请减少。", "There are too many entries. Please send fewer.";
        BadText = "bad_text", "含有不可见的控制字符或首尾空格。请删去。", "This holds control characters or spaces at its ends. Please remove them.";
        BadDate = "bad_date", "日期应为 YYYY-MM-DD，年份在 1900 至 2199 之间。", "A date is written YYYY-MM-DD, with a year from 1900 to 2199.";
        BadId = "bad_id", "编号格式不对。请使用列表中给出的编号。", "This is not an id. Please use one from a list.";
        NoSuchRecord = "no_such_record", "没有这条记录。请核对编号。", "There is no such record. Please check the id.";
        BadIdNumber = "bad_id_number", "身份证号有误。请核对证件。", "The ID number is not valid. Please check the card.";
        Contradicts = "contradicts", "与其他字段矛盾。请核对。", "This contradicts another field. Please check both.";
        BadPhone = "bad_phone", "手机号应为 11 位数字。请核对。", "A mobile number has 11 digits. Please check it.";
        BadCreditCode = "bad_credit_code", "统一社会信用代码有误。请核对营业执照。", "The unified social credit code is not valid. Please check the licence.";
        BadHours = "bad_hours", "时段应为起点早于终点的 HH:MM，最晚 24:00。", "Hours are HH:MM, the start before the end, 24:00 at the latest.";
        BadCursor = "bad_cursor", "翻页标记无效。请从第一页重新开始。", "The cursor is not valid here. Please start from the first page.";
        EndBeforeStart = "end_before_start", "结束不能早于开始。请核对日期。", "The end may not be before the start. Please check the dates.";
        InTheFuture = "in_the_future", "日期在今天之后。请核对。", "The date is in the future. Please check it.";
        BadLogin = "bad_login", "登录名应为 3 至 64 个小写字母、数字或 . - _。", "A login has 3 to 64 of a-z, 0-9, dot, hyphen and underscore.";
        PasswordShort = "password_short", "密码过短。请加长。", "The password is too short. Please make it longer.";
        PasswordGuessable = "password_guessable", "这个密码容易被猜到。请换几个不相干的词，或更长的一句话。", "This password is easy to guess. Please use several unrelated words or a longer sentence.";
        PasswordOwnWords = "password_own_words", "密码不能含登录名、姓名、单位、社区或“旺家”。请换一个。", "The password may not contain the login, the name, the employer, the community or the name of this service.";
        PasswordPlain = "password_plain", "密码须含大写字母、小写字母、数字、符号中的三类。", "The password needs three of: capital letters, small letters, digits, other characters.";
        PasswordSame = "password_same", "新密码与现用密码相同。请换一个。", "The new password is the present one. Please choose another.";
        WrongPassword = "wrong_password", "现用密码不对。请重新输入。", "The present password is not right. Please type it again.";
        WrongCode = "wrong_code", "验证码不对或已用过。请等下一个验证码再试。", "The code is wrong or was used before. Please wait for the next one.";
        BadSecret = "bad_secret", "一次性密钥无效、已使用或已过期。请联系管理员重新获取。", "The one-time secret is wrong, used or expired. Please ask for a new one.";
        GateFailed = "gate_failed", "本人与岗位的条件不符，不能推荐。", "The resident and the posting do not fit, so this cannot be proposed.";
        NotOverridable = "not_overridable", "这一条件不能由专干放行。", "No counselor can answer for this condition.";
        NotNeeded = "not_needed", "这里不需要。请删去。", "This is not needed here. Please remove it.";
        BadKey = "bad_key", "请求键应为 1 至 200 个可见的 ASCII 字符。", "The key has 1 to 200 visible ASCII characters.";
    }
}

/// One fault of one field. `pointer` is an RFC 6901 pointer into the body, or `?name` for a query parameter and
/// `#Name` for a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub pointer: String,
    pub code: Cow<'static, str>,
    pub text: Text,
}

impl FieldError {
    pub fn new(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self { pointer: pointer.into(), code: code.code().into(), text: code.text().into() }
    }

    /// The same code with a more exact sentence.
    pub fn with_text(pointer: impl Into<String>, code: FieldCode, text: Text) -> Self {
        Self { pointer: pointer.into(), code: code.code().into(), text }
    }
}

impl Refusal {
    /// Refused, and which record or number stands in the way.
    #[must_use]
    pub fn because(self, text: Text) -> AppError {
        AppError::Refused(self, Some(Box::new(text)))
    }

    /// Refused because of the state something is in.
    #[must_use]
    pub fn being(self, state: Label) -> AppError {
        self.because(Text::new(format!("目前为“{}”。", state.zh), format!("It is now: {}.", state.en)))
    }

    /// Refused because something has been over since a day.
    #[must_use]
    pub fn over_since(self, day: NaiveDate) -> AppError {
        self.because(Text::new(format!("已于 {day} 结束。"), format!("It has been over since {day}.")))
    }

    /// What people read: the rule, and what stands in the way.
    #[must_use]
    pub fn told(self, because: Option<&Text>) -> Text {
        let rule = self.text();
        because.map_or_else(
            || rule.into(),
            |more| Text::new(format!("{}{}", rule.zh, more.zh), format!("{} {}", rule.en, more.en)),
        )
    }

    /// A refusal of one of several things asked for: it is no field's fault.
    #[must_use]
    pub fn as_field(self, because: Option<&Text>) -> FieldError {
        FieldError { pointer: String::new(), code: self.code().into(), text: self.told(because) }
    }
}

/// The result of a use case that was not carried out. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Absent, or not the caller's to see: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// No role of the caller may ever do this.
    #[error("not allowed")]
    NotAllowed,
    /// The rule, and which record or number stands in the way.
    #[error("refused: {}", .0.code())]
    Refused(Refusal, Option<Box<Text>>),
    #[error("invalid: {}", list(.0))]
    Invalid(Vec<FieldError>),
    /// The posting breaks the law of posting_law; one entry per finding.
    #[error("unlawful posting: {}", list(.0))]
    Unlawful(Vec<FieldError>),
    /// Unknown, disabled, wrong password or wrong code: never told apart.
    #[error("sign-in refused")]
    SignInRefused,
    /// Too many failures from one place.
    #[error("too many attempts")]
    TooManyAttempts,
    /// Every place to wait is taken.
    #[error("busy")]
    Busy,
    /// Somebody changed the record since it was read.
    #[error("changed since it was read")]
    Stale,
    /// Another process committed this idempotency key first.
    #[error("the idempotency key was taken meanwhile")]
    KeyTaken,
    /// A job noticed that its cancellation was asked for.
    #[error("cancelled")]
    Cancelled,
    /// No connection or no turn to write could be had in time; nothing was done.
    #[error("database not available")]
    Unavailable(#[source] DbError),
    /// The database failed in a way that is nobody's input.
    #[error("database")]
    Db(#[source] DbError),
    #[error("internal")]
    Internal(#[source] anyhow::Error),
}

impl From<DbError> for AppError {
    /// The meaning a query was given where it was made.
    fn from(error: DbError) -> Self {
        match error {
            DbError::NotFound(_) => Self::NotFound,
            DbError::Conflict(_) => Refusal::AlreadyExists.into(),
            DbError::Changed(_) => Self::Stale,
            DbError::Full => Refusal::PostingFull.into(),
            busy @ (DbError::Busy | DbError::Overtaken(_) | DbError::Pool(_) | DbError::Connect { .. }) => {
                Self::Unavailable(busy)
            }
            other => Self::Db(other),
        }
    }
}

impl AppError {
    /// The chain of causes, for the log. A database's own message may quote a value, so only its kind is kept.
    #[must_use]
    pub fn for_log(&self) -> String {
        crate::db::error::chain(self)
    }
}

impl From<anyhow::Error> for AppError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

fn list(errors: &[FieldError]) -> impl fmt::Display {
    errors.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect::<Vec<_>>().join(", ")
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal, None)
    }
}

impl From<FieldError> for AppError {
    fn from(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }
}

/// Collects the faults of one request so that all of them are told at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    pub fn add(&mut self, pointer: impl Into<String>, code: FieldCode) {
        self.0.push(FieldError::new(pointer, code));
    }

    pub fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// # Errors
    /// `Invalid` with everything collected, unless nothing was.
    pub fn done(self) -> Result<(), AppError> {
        if self.0.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.0)) }
    }
}

/// The version of an entity the caller saw (`If-Match`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it is now (`If-Match: *`).
    Any,
    OneOf(Vec<i64>),
}

impl Expected {
    /// # Errors
    /// `Stale` unless `current` is what the caller saw.
    pub fn check(&self, current: i64) -> Result<(), AppError> {
        match self {
            Self::Any => Ok(()),
            Self::OneOf(versions) if versions.contains(&current) => Ok(()),
            Self::OneOf(_) => Err(AppError::Stale),
        }
    }
}
