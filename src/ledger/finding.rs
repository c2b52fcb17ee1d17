//! What is wrong with a row, in one table: stable code, severity, a sentence in Chinese and in English.
//!
//! Invariants: a code never changes its meaning; `error` means the row cannot be stored, `warning` that it is stored and
//! somebody should look, `info` that nothing is wrong. **A finding never holds personal data**: values are masked and the
//! sentences take only row numbers, column titles, sheet names, counts and law articles.

use crate::domain::codes::Severity;
use crate::domain::resident_id::mask;
use crate::domain::text::{Label, Text};

macro_rules! finding_codes {
    ($($variant:ident = $code:literal, $severity:ident, $zh:literal, $en:literal;)+) => {
        /// Everything an import can say about a file, a row or a cell.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FindingCode { $($variant,)+ }

        impl FindingCode {
            /// The finding with this stable code.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }

            /// The whole table, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code stored in `import_findings` and sent by the API.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// The sentence; `{}` stands for the finding's argument.
            #[must_use]
            pub const fn label(self) -> Label {
                match self { $(Self::$variant => Label { zh: $zh, en: $en },)+ }
            }
        }
    };
}

finding_codes! {
    // The person's identity.
    IdMissing = "id_missing", Error, "身份证号为空，请补填。", "The ID number is empty; please fill it in.";
    IdAsNumber = "id_as_number", Error, "身份证号以数字格式录入，末几位已经丢失，请把该列设为文本格式后重新录入。", "The ID number was typed as a number, so its last digits are lost; set the column to text and type it again.";
    IdOldFormat = "id_old_format", Error, "身份证号是15位旧号码，请核对证件后填写18位号码。", "This is an old 15-digit ID number; please enter the 18 characters from the card.";
    IdMalformed = "id_malformed", Error, "身份证号的位数或字符不对，请对照证件核对。", "The ID number has a wrong length or character; please compare it with the card.";
    IdBirthDate = "id_birth_date", Error, "身份证号中的出生日期无效，请对照证件核对。", "The birth date within the ID number is not valid; please compare it with the card.";
    IdChecksum = "id_checksum", Error, "身份证号校验位不符，请对照证件核对。", "The check character of the ID number does not fit; please compare it with the card.";
    IdSuffixCut = "id_suffix_cut", Info, "填写的是残疾人证号，已取前18位作为身份证号，类别和等级不保存。", "A disability certificate number was given; its first 18 characters are used and its type and grade are not kept.";
    IdBirthDiffers = "id_birth_differs", Warning, "出生日期与身份证号不一致，按身份证号保存，请核对。", "The birth date differs from the ID number; the ID number's is used, please check.";
    IdSexDiffers = "id_sex_differs", Warning, "性别与身份证号不一致，按身份证号保存，请核对。", "The sex differs from the ID number; the ID number's is used, please check.";
    IdAgeDiffers = "id_age_differs", Warning, "年龄与身份证号不一致，按身份证号保存，请核对身份证号是否填错。", "The age differs from the ID number; the ID number's is used, please check that the number is right.";
    DuplicateId = "duplicate_id", Error, "身份证号与{}重复，请只保留一行。", "The ID number repeats {}; please keep one row.";
    IdInTwoHouseholds = "id_in_two_households", Error, "同一身份证号还出现在{}的另一户，请核实属于哪一户。", "The same ID number stands in another household in {}; please find out where the person belongs.";
    PersonInTwoSheets = "person_in_two_sheets", Error, "同一人还出现在{}，内容不同，无法确定以哪一行为准，两行都未保存；请只保留一张表或改成一致。", "The same person stands in {} with other facts, so it is not known which row counts, and neither was stored; please keep one sheet or make them agree.";
    IdOfSomebodyElse = "id_of_somebody_else", Error, "该身份证号已登记给另一户、另一姓名的居民，未作改动，请核对身份证号；如确是同一人，请先更正姓名或办理迁移。", "This ID number is on record for somebody of another name in another household, and nothing was changed; please check the number. If it is the same person, correct the name or record the move first.";
    NameMissing = "name_missing", Error, "姓名为空，请补填。", "The name is empty; please fill it in.";
    NameDiffers = "name_differs", Warning, "姓名与已登记的不同，已按表格更新，请核对身份证号是否填错。", "The name differs from the one on record and was updated; please check that the ID number is right.";
    TextNotAllowed = "text_not_allowed", Error, "内容含不可见控制字符或过长，请重新录入。", "The text holds invisible control characters or is too long; please type it again.";

    // The household.
    HouseholdUnidentified = "household_unidentified", Error, "没有户编号，也找不到户主身份证号，无法确定属于哪一户。", "There is neither a household code nor the ID number of the head, so the household is unknown.";
    HouseholdUnread = "household_unread", Error, "本行的户由{}给出，而那一行有错误未导入，不能确定属于哪一户；请一并改正后再导入。", "The household of this row is given by {}, which has an error and was not imported; please correct both and import them together.";
    HouseholdCodeShared = "household_code_shared", Error, "同一户编号在{}是另一户，可能是房号而不是户编号；请改正户编号，或在“列”里把这一列指定为“单元房号”。", "The same household code is another household's in {}; it may be a door number. Please correct the code, or say of the column that it is 单元房号.";
    HouseholdRowsMerged = "household_rows_merged", Error, "本表按一行一户读取，而这里几行合并为一户，不能确定谁是户主；请补上“姓名”“与户主关系”等列，或在“列”里指定。", "This sheet is read as one row a household, but here several rows are merged into one, so it is not known who is the head; please add columns such as 姓名 and 与户主关系, or say which they are.";
    NoHead = "no_head", Warning, "该户没有户主，已保存，请补登户主。", "The household has no head; it is stored, please name one.";
    TwoHeads = "two_heads", Warning, "该户已有户主（{}），本行按“其他”关系保存，请核对。", "The household already has a head ({}); this row is stored as \"other\", please check.";
    HeadChanged = "head_changed", Warning, "与已登记的户主不同，户主未改动，请确认后办理变更。", "The head differs from the one on record; nothing was changed, please confirm a change of head.";
    IdChanged = "id_changed", Error, "该户已登记同名成员，身份证号码不同，本行未保存，以免一人登记两次；如是更正号码，请先在该居民的页面更正；如确是另一人，请先在页面登记。", "A member of this household with the same name is on record under another ID number; the row was not stored, so that nobody is registered twice. If the number was corrected, correct it on the resident's page first; if it is somebody else, register them there first.";
    HeadAdded = "head_added", Info, "户主本人不在表中，已按表中的姓名和身份证号登记。", "The head has no row of their own and was registered with the name and ID number given here.";
    RelationMissing = "relation_missing", Warning, "与户主关系为空，按“其他”保存，请补填。", "The relation to the head is empty; stored as \"other\", please fill it in.";
    HouseholdMoved = "household_moved", Warning, "该居民登记在另一户，未自动迁移，请确认后办理。", "This resident is on record in another household; nobody was moved, please confirm the move.";
    HouseholdFactsDiffer = "household_facts_differ", Warning, "与同户{}的住址信息不一致，以前面的为准。", "The address differs from {} of the same household; the earlier one is used.";
    BuildingMissing = "building_missing", Warning, "该户没有楼栋，已放入“未分配”，请补登。", "The household has no building and was put under \"unassigned\"; please add it.";
    BuildingColumnMissing = "building_column_missing", Info, "本表没有楼栋列，新登记的户放入“未分配”。", "This sheet has no building column; new households are put under \"unassigned\".";
    JobNewerOnRecord = "job_newer_on_record", Warning, "登记的就业比本台账的日期还新，未按本行改动；如本行更准确，请先更正登记。", "The job on record began after the day of this ledger, and the row changed nothing; if the row is right, please correct the record first.";
    JobLeft = "job_left", Warning, "写明已离岗，没有结束时间，不登记为在岗；原文保留在备注，请补填结束时间。", "The row says that the job is over and not since when; it is not stored as a job, the words are kept in the note. Please add the last day.";
    IncomeUnlikely = "income_unlikely", Warning, "收入不像按月的元数，未保存，原文保留在备注；单位是千元、万元或按天的，请写明。", "The sum is hardly one of yuan a month; it was not stored, the text is kept in the note. Please say what it is paid for, or in what unit.";
    EmployerFromTitle = "employer_from_title", Info, "本表没有单位列，按表头上方写的“{}”登记。", "This table has no column for the employer; it is taken from above the head: {}.";
    ChannelFromTitle = "channel_from_title", Info, "本表没有就业渠道列，按表名写的“{}”登记。", "This table has no column for the channel; it is taken from the table's title: {}.";
    ChannelAssumed = "channel_assumed", Warning, "就业渠道为空，也没有写明地域，按“本地就业”登记，请核对。", "Neither the channel nor the region of the job is given; it is stored as local, please check.";
    ContractUnread = "contract_unread", Warning, "合同到期日既不是日期也不是年数、月数，未保存，原文保留在备注，请核对。", "The end of the contract is neither a date nor a number of years or months; it was not stored, the text is kept in the note, please check.";
    BuildingFromSheet = "building_from_sheet", Info, "本表没有楼栋列，按工作表名登记为“{}”；不对的请加上楼栋列。", "This sheet has no building column; its name is taken for the building {}. Please add a column where that is wrong.";
    HouseholdRehoused = "household_rehoused", Warning, "登记在{}，表中写在另一栋楼；未改动，已列入“住户变动”待人核实。", "On record in {}; the file has the household in another building. Nothing was changed, it is in the queue of household changes.";
    DeathInRemark = "death_in_remark", Warning, "备注里写明已去世，没有死亡日期，按{}计，请核对。", "A remark says that the person died and no column says when; counted from {}, please check.";
    GoneInRemark = "gone_in_remark", Warning, "备注里写明已迁出，未改动；属实的请在住户页办理。", "A remark says that the person or the household has left; nothing was changed, please record it on the household's page.";
    DeathToConfirm = "death_to_confirm", Warning, "表中写明去世，登记为健在；未改动，已列入“住户变动”待人核实。", "The file says that the person died, the record does not; nothing was changed, it is in the queue of household changes.";
    MemberMissing = "member_missing", Warning, "登记在该户的一名成员不在表中；未改动，已列入“住户变动”待人核实。", "A member on record of this household is not in the file; nothing was changed, it is in the queue of household changes.";
    HouseholdCodeMissing = "household_code_missing", Info, "该户没有户编号，以户主身份证号识别。", "The household has no code and is identified by the ID number of its head.";
    CarerNotFound = "carer_not_found", Warning, "照护人不在该户成员中或有重名，照护责任已保存但未指定照护人。", "The carer is not a member of the household, or two bear the name; the duty is stored without a carer.";

    // Cells.
    DateUnreadable = "date_unreadable", Error, "日期无法识别，请写成 2024-03-05 的样式。", "The date cannot be read; please write it like 2024-03-05.";
    NumberUnreadable = "number_unreadable", Error, "数字无法识别或超出范围，请核对。", "The number cannot be read or is out of range; please check it.";
    HoursUnreadable = "hours_unreadable", Error, "时段无法识别，请写成“周一至周五 07:00-08:30”的样式。", "The hours cannot be read; please write them like 周一至周五 07:00-08:30.";
    CodeUnknown = "code_unknown", Warning, "不在可选值中，按“未填”处理，原文保留在备注。", "The value is not in the list; treated as not given, and kept in the note.";
    CellError = "cell_error", Warning, "单元格是公式错误值，按空处理。", "The cell holds a formula error; treated as empty.";
    FormulaUnvalued = "formula_unvalued", Warning, "单元格是公式，文件里没有计算结果，按空处理；请用表格软件打开并保存后再导入。", "The cell is a formula whose result is not in the file; treated as empty. Open and save the file with a spreadsheet program first.";
    DittoRepeated = "ditto_repeated", Info, "有 {} 处写“同上”，按上一行的内容读取。", "{} cells say \"as above\" and were read so.";
    DittoUnread = "ditto_unread", Error, "写的是“同上”，不能据此确定内容，请填写完整。", "The cell says \"as above\", which does not tell what it is; please fill it in.";
    CellsMerged = "cells_merged", Warning, "有 {} 处上下合并的单元格，只算第一行的，下面的行按空处理。", "{} cells are merged over several rows; each counts for its first row only, the others are treated as empty.";
    CodeAsNumber = "code_as_number", Error, "编号或名称以数字格式录入，末几位已经丢失，请把该列设为文本格式后重新录入。", "A code or name was typed as a number, so its last digits are lost; set the column to text and type it again.";
    PhoneFormat = "phone_format", Warning, "电话不是11位手机号，已保存，请核对。", "The phone number does not have 11 digits; it is stored, please check.";
    PhoneShared = "phone_shared", Warning, "不同县籍的居民使用同一电话（{}），请核对。", "Residents from different counties share one phone number ({}); please check.";
    IncomeIsRange = "income_is_range", Info, "月收入是区间，按下限保存。", "The income is a range; its lower end is stored.";

    // Counts of a household against one another, and against its people.
    CountsExceedLabour = "counts_exceed_labour", Warning, "有就业意愿人数加已就业人数多于劳动力数量（{}），请核对。", "The willing and the employed together are more than the labourers ({}); please check.";
    EmployedNamesDiffer = "employed_names_differ", Warning, "已就业人数与已就业人姓名的个数不一致（{}），请核对。", "The number of the employed differs from the number of their names ({}); please check.";
    LabourCountDiffers = "labour_count_differs", Warning, "劳动力数量与该户可就业的成员数不一致（{}），按成员计，请核对。", "The number of labourers differs from the household's employable members ({}); the members count, please check.";
    EmployedCountDiffers = "employed_count_differs", Warning, "已就业人数与该户在岗的成员数不一致（{}），按就业记录计，请核对。", "The number of the employed differs from the household's members at work ({}); the jobs on record count, please check.";

    // Facts that decide on employability and are not there.
    SchoolMissing = "school_missing", Info, "劳动年龄内，在校生状况未登记，按可就业计，请补填。", "Of labour age with no school status on record; counted as employable, please add it.";
    LabourClassMissing = "labour_class_missing", Info, "劳动年龄内，劳动技能未登记，按可就业计，请补填。", "Of labour age with no labour class on record; counted as employable, please add it.";

    // Contradictions between facts.
    UnderageEmployed = "underage_employed", Warning, "未满16周岁却有就业记录，已按表保存，请立即核实。", "Employed under the age of 16; stored as written, please look into it at once.";
    InSchoolEmployed = "in_school_employed", Warning, "在校生却有就业记录，请核实。", "In school and employed at the same time; please check.";
    NoCapacityEmployed = "no_capacity_employed", Warning, "丧失或无劳动力却有就业记录，请核实。", "Lost or no capacity for work and yet employed; please check.";
    HealthyButWeak = "healthy_but_weak", Warning, "16–59岁、健康、非在校，却登记为弱劳动力或半劳动力，请核实。", "Healthy, 16 to 59 and not in school, but recorded as weak or half labour; please check.";
    OldButOrdinary = "old_but_ordinary", Warning, "已满60岁，却登记为普通或技能劳动力，请核实。", "60 or older, but recorded as ordinary or skilled labour; please check.";
    OverlappingSpells = "overlapping_spells", Warning, "就业时间与另一条就业记录重叠，均已保存，请核实。", "The employment overlaps another record; both are stored, please check.";
    InTwoWorkshops = "in_two_workshops", Warning, "同一人同时在另一家微工厂在岗，均已保存，请核实是哪一家。", "At work in another micro-factory at the same time; both jobs are stored, please find out which one it is.";
    JobChanged = "job_changed", Warning, "单位和起始时间都与登记的在岗工作不同，按换工作处理：原工作到新工作起始前一天为止，请核实。", "Employer and start both differ from the current job on record; taken as a change of job: the old one lasts to the day before the new one starts, please check.";
    JobCorrected = "job_corrected", Warning, "单位不同且起始时间更早，按对登记的在岗工作的更正处理，请核实。", "Another employer and an earlier start than the current job on record; taken as a correction of it, please check.";
    EndBeforeStart = "end_before_start", Error, "结束时间早于起始时间，请更正。", "The end lies before the start; please correct it.";
    EndInFuture = "end_in_future", Warning, "结束时间晚于数据日期，到期前仍计为在岗，请核实。", "The end lies after the date of the data; the job counts until then, please check.";
    StartInFuture = "start_in_future", Warning, "起始时间晚于数据日期，到期才计为在岗，请核实。", "The start lies after the date of the data; the job counts only from then, please check.";
    StartMissing = "start_missing", Warning, "就业没有起始时间，从数据日期起计。", "The employment has no start; it counts from the date of the data.";
    ContractStartMissing = "contract_start_missing", Warning, "合同期限没有起始时间，算不出到期日，原文保留在备注，请补填起始时间。", "A length of contract without its start gives no last day; the text is kept in the note, please add the start.";
    JobMissing = "job_missing", Warning, "本行没有就业信息，也没有就业状态，未保存就业记录，请核对。", "This row tells neither of a job nor of a status; no job was stored, please check.";
    JobUnclear = "job_unclear", Warning, "填了{}，却没有单位、岗位、起始时间和就业状态，不能确定是否在业，未保存就业记录，原文保留在备注，请核对。", "There is {} but no employer, job, start or status, so it is not certain that there is a job; none was stored, the text is kept in the note, please check.";
    StatusWithoutJob = "status_without_job", Warning, "就业状态为已就业但没有就业信息，按起始时间不明的就业保存，从数据日期起计。", "The status says employed but no job is given; stored as a job of unknown start, counted from the date of the data.";
    EmployedOnRecordEnded = "employed_on_record_ended", Warning, "就业状态为已就业但没有就业信息，系统中的就业已结束，未新增记录，请填写现在的就业。", "The status says employed but no job is given, and the one on record has ended; nothing was added, please give the present job.";
    UnemployedWithJob = "unemployed_with_job", Warning, "就业状态为未就业，却填了在岗的就业信息，就业信息已保存，请核实。", "The status says not employed but a current job is given; the job is stored, please check.";
    UnemployedOnRecord = "unemployed_on_record", Warning, "就业状态为未就业，系统中却有在岗记录，记录未改动，请填写结束时间。", "The status says not employed but a current job is on record; it was left as it is, please give its end.";
    ParkJobOutOfCounty = "park_job_out_of_county", Warning, "就业地域在县外，渠道却是微工厂，请核实。", "A job outside the county with the park as its channel; please check.";
    PublicWelfareAge = "public_welfare_age", Warning, "公益性岗位的年龄应在16至69周岁，请核实。", "Public-welfare posts are for ages 16 to 69; please check.";
    PublicWelfareTerm = "public_welfare_term", Warning, "公益性岗位已满3年，且距法定退休年龄5年以上，请核实。", "In a public-welfare post for over three years and five years or more from retirement; please check.";
    PublicWelfareOutside = "public_welfare_outside", Warning, "公益性岗位不应在省外，请核实。", "A public-welfare post cannot be outside the province; please check.";

    // Jobs, ends, training, postings against what is on record.
    PersonUnknown = "person_unknown", Error, "没有这位居民的登记，请先导入户和家庭成员。", "This resident is not on record; please import households and members first.";
    NoOpenSpell = "no_open_spell", Warning, "没有可结束的在岗记录，本行未改动任何内容。", "There is no current job to end; this row changed nothing.";
    EndAmbiguous = "end_ambiguous", Error, "该居民有多条在岗记录，无法确定结束哪一条，请在台账中填写结束时间。", "This resident has several current jobs; please give the end in the job's own row.";
    PostingFull = "posting_full", Warning, "在岗人数已达招聘人数，就业已保存但未关联岗位。", "All places of the posting are taken; the job is stored but not linked to the posting.";
    PostingUnknown = "posting_unknown", Warning, "没有这个岗位编号，就业已保存但未关联岗位。", "There is no posting with this code; the job is stored but not linked.";
    PostingAmbiguous = "posting_ambiguous", Warning, "该企业有多个同名岗位，就业已保存但未关联，请填写岗位编号。", "The employer has several postings with this title; the job is stored but not linked, please give the posting code.";
    PostingOtherEmployer = "posting_other_employer", Warning, "该岗位编号属于另一家企业，就业已保存但未关联岗位，请核对编号或企业名称。", "The posting with this code is another employer's; the job is stored but not linked, please check the code or the employer's name.";
    PostingIsDraft = "posting_is_draft", Warning, "该岗位是草稿，就业已保存但未关联岗位。", "The posting is a draft; the job is stored but not linked to it.";
    SkillUnmapped = "skill_unmapped", Info, "技能名称不在词表中，已列入待对应名称。", "The skill name is not in the vocabulary; it was listed for mapping.";
    DuplicateTraining = "duplicate_training", Error, "与{}是同一人、同一类型、同一天开始的培训，请只保留一行。", "The same person's training of the same kind and start stands in {} already; please keep one row.";

    // Posting lists.
    EmployerMissing = "employer_missing", Error, "企业名称为空，请补填。", "The employer's name is empty; please fill it in.";
    TitleMissing = "title_missing", Error, "岗位名称为空，请补填。", "The job title is empty; please fill it in.";
    HeadcountMissing = "headcount_missing", Error, "招聘人数为空，请补填（含已在岗人数）。", "The headcount is empty; please fill it in, filled places included.";
    HeadcountBelowFilled = "headcount_below_filled", Error, "招聘人数少于已关联的在岗人数，请核对。", "The headcount is less than the places already filled; please check.";
    CreditCodeInvalid = "credit_code_invalid", Warning, "统一社会信用代码不正确，未保存该代码，请核对。", "The unified social credit code is not valid and was not stored; please check.";
    EmployerCodeMissing = "employer_code_missing", Warning, "企业没有统一社会信用代码，请核实是否依法登记并补填。", "The employer has no unified social credit code; please find out whether it is registered and add it.";
    HeadcountIsRange = "headcount_is_range", Info, "招聘人数不是一个确定的数，按最少的人数保存，原文保留在备注。", "The headcount is not one certain number; the least is stored, and the words are kept in the note.";
    WordsUnread = "words_unread", Warning, "有文字未能识别（{}），未据此保存任何内容，原文保留在备注，请核对。", "Some words could not be read ({}); nothing was stored for them, the text is kept in the note, please check.";
    PayNotMonthly = "pay_not_monthly", Warning, "薪资按件、按次或未写明单位，不能折算为每月、每天或每小时，未保存金额，原文保留在备注，请核对。", "The pay is by the piece, for one time, or of no stated unit, and has no equivalent a month, day or hour; no sum was stored, the text is kept in the note, please check.";
    HoursDaysAssumed = "hours_days_assumed", Warning, "没有写明每周哪几天上班，按从周一起的{}天保存，请核对。", "The text does not say which days of the week are worked; {} days from Monday are stored, please check.";
    AgeOfOneSex = "age_of_one_sex", Warning, "年龄限制是按性别写的，按其中最宽的范围保存，原文保留在备注，请核对是否合法。", "The age limits are given by sex; the widest range is stored and the text is kept in the note, please check that it is lawful.";
    PayReversed = "pay_reversed", Error, "薪资下限高于上限，请更正。", "The lower pay is above the upper pay; please correct it.";
    AgeReversed = "age_reversed", Error, "最低年龄高于最高年龄，请更正。", "The lowest age is above the highest; please correct it.";
    ValidityReversed = "validity_reversed", Error, "有效期止早于有效期起，请更正。", "The posting ends before it begins; please correct it.";
    DuplicatePosting = "duplicate_posting", Error, "与{}是同一岗位，请只保留一行。", "The same posting stands in {} already; please keep one row.";
    PostingCodeTaken = "posting_code_taken", Error, "该岗位编号已是另一家企业的岗位，请核对编号或企业名称。", "This code is a posting of another employer; please check the code or the employer's name.";
    PostingTitleAmbiguous = "posting_title_ambiguous", Error, "该企业有多个同名岗位，无法确定是哪一个，请填写系统中的岗位编号。", "The employer has several postings with this title; please give the code of the one on record.";
    ApprovalUnreadable = "approval_unreadable", Warning, "特殊工时批准文号应含数字，按“没有批准”处理，请核对文号。", "The number of a special-hours approval has digits; treated as no approval, please check it.";
    PostingIncomplete = "posting_incomplete", Warning, "岗位缺少{}，匹配时按未知处理，请补填。", "The posting lacks {}; matching treats it as unknown, please add it.";
    PostingUnlawful = "posting_unlawful", Warning, "岗位含法律不允许的条件（{}），存为草稿，不参与匹配。", "The posting asks for something the law forbids ({}); stored as a draft and never matched.";
    PostingWageUnchecked = "posting_wage_unchecked", Warning, "尚未录入适用的最低工资标准，未核对薪资是否达标，请用 wangjia settings 录入。", "No minimum wage that applies is on file, so pay was not compared with it; please enter it with wangjia settings.";
    PostingAllowed = "posting_allowed", Info, "岗位有依法允许的条件（{}），请留存证明材料。", "The posting has a condition the law allows ({}); please keep the proof.";
    PostingKeptDraft = "posting_kept_draft", Info, "该岗位内容合法而仍为草稿，视为有意保留，未自动发布；可在岗位中发布。", "The posting is lawful and still a draft, so it is taken as kept back and was not published; publish it where postings are kept.";
    PostingCaution = "posting_caution", Warning, "岗位有需要留意的条件（{}），请核实。", "The posting has a condition to look at ({}); please check.";

    // The file.
    ColumnMissing = "column_missing", Error, "本表缺少必需的列：{}。", "This sheet lacks a required column: {}.";
    ColumnTwice = "column_twice", Warning, "“{}”一列与前面的列含义相同，按备注保留。", "Column \"{}\" means the same as an earlier one; kept in the note.";
    ColumnTelling = "column_telling", Warning, "不认识的列“{}”可能写有离岗、结束或去世的情况，只保留在备注；请在“列”里指定它是什么。", "Unknown column \"{}\" may tell of ends or deaths and is only kept in the note; please say what it is.";
    ColumnsNotStored = "columns_not_stored", Warning, "本表不是劳动力台账，这些列的内容不保存：{}。居民资料请用劳动力台账导入。", "This table is no labour ledger, and what stands in these columns is not stored: {}. Please import residents' data with a labour ledger.";
    ColumnUnknown = "column_unknown", Info, "不认识的列“{}”，内容保留在备注。", "Unknown column \"{}\"; its content is kept in the note.";
    SheetNotData = "sheet_not_data", Info, "本表不是台账数据（如下拉选项来源），未导入。", "This sheet is not ledger data (a list behind drop-downs, for instance) and was not imported.";
    QuoteOpen = "quote_open", Error, "本行有不成对的引号，不能确定单元格到哪里为止；请改正引号后再导入。", "A quotation mark in this row has no partner, so it is not certain where its cell ends; please correct it.";
    SheetWithoutRows = "sheet_without_rows", Warning, "本表有表头，没有一行数据。", "This sheet has a head and not one row of data.";
    SheetUnknown = "sheet_unknown", Warning, "本表没有认识的表头，未导入，请对照模板检查列名。", "This sheet has no known table head and was not imported; please compare its columns with the template.";
    SheetKindUnknown = "sheet_kind_unknown", Error, "有认识的列，但看不出这是哪一种表，什么也不会写入。请在“列”里指定身份证号、姓名等列。", "Some columns are known, but not what kind of table this is; nothing will be stored. Please say which columns are the ID number, the name and so on.";
    SheetHidden = "sheet_hidden", Info, "本表是隐藏的工作表，已照常读取。", "This sheet is hidden; it was read like any other.";
    ColumnsHidden = "columns_hidden", Info, "有隐藏的列（{}），已照常读取。", "There are hidden columns ({}); they were read like any other.";
    RowsHidden = "rows_hidden", Info, "有 {} 行是隐藏的，已照常读取；不需要的请删除后再导入。", "{} rows are hidden; they were read like any other. Delete what is not meant.";
    RowsBlank = "rows_blank", Info, "中间有 {} 个空行，已跳过。", "{} blank rows in between were passed over.";
    FileMisnamed = "file_misnamed", Info, "文件扩展名与内容不符，已按 {} 读取。", "The file's extension does not fit its content; it was read as {}.";
    RowNotData = "row_not_data", Info, "合计、填表人或重复的表头，未导入。", "A total, a signature line or the head again; not imported.";
    ExampleRow = "example_row", Info, "示例行，未导入。", "An example row; not imported.";
}

impl FindingCode {
    /// Of the household as a whole rather than of the person in the row.
    #[must_use]
    pub const fn is_of_household(self) -> bool {
        matches!(
            self,
            Self::NoHead
                | Self::HouseholdFactsDiffer
                | Self::HouseholdRehoused
                | Self::BuildingMissing
                | Self::CarerNotFound
                | Self::CountsExceedLabour
                | Self::EmployedNamesDiffer
                | Self::LabourCountDiffers
                | Self::EmployedCountDiffers
        )
    }

    /// Of what is decided as a change of households; of somebody in another household only where such a change could be proposed.
    #[must_use]
    pub const fn is_proposed(self, of_resident: bool) -> bool {
        match self {
            Self::HeadChanged | Self::DeathToConfirm | Self::MemberMissing | Self::HouseholdRehoused => true,
            Self::HouseholdMoved | Self::DeathInRemark => of_resident,
            _ => false,
        }
    }

    /// Something is not known, rather than contradicted.
    #[must_use]
    pub const fn is_gap(self) -> bool {
        matches!(
            self,
            Self::NoHead
                | Self::RelationMissing
                | Self::BuildingMissing
                | Self::CarerNotFound
                | Self::CodeUnknown
                | Self::CellError
                | Self::FormulaUnvalued
                | Self::WordsUnread
                | Self::PhoneFormat
                | Self::StartMissing
                | Self::StatusWithoutJob
                | Self::EmployedOnRecordEnded
        )
    }
}

/// One thing found. `row` counts from 1 as the spreadsheet program does; 0 stands for the whole sheet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub code: FindingCode,
    pub severity: Severity,
    pub sheet: String,
    pub row: u32,
    /// The column's title as the file writes it.
    pub column: Option<String>,
    pub masked_value: Option<String>,
    pub text: Text,
}

impl Finding {
    /// A finding of `code`; `argument` fills the sentence's gap.
    #[must_use]
    pub fn new(code: FindingCode, sheet: &str, row: u32, argument: &Text) -> Self {
        let label = code.label();
        Self {
            code,
            severity: code.severity(),
            sheet: sheet.to_owned(),
            row,
            column: None,
            masked_value: None,
            text: Text::new(label.zh.replacen("{}", &argument.zh, 1), label.en.replacen("{}", &argument.en, 1)),
        }
    }

    #[must_use]
    pub fn at(mut self, column: Option<&str>) -> Self {
        self.column = column.map(str::to_owned);
        self
    }

    /// Shows a value as it is; only for values that are nobody's personal data.
    #[must_use]
    pub fn showing(mut self, value: &str) -> Self {
        self.masked_value = Some(value.chars().take(40).collect());
        self
    }

    #[must_use]
    pub fn masking(mut self, value: &str) -> Self {
        let n = value.chars().count();
        let end: String = value.chars().skip(n.saturating_sub(18)).collect();
        self.masked_value = Some(mask(&end));
        self
    }

    /// A more exact sentence for the same code.
    #[must_use]
    pub fn saying(mut self, text: Text) -> Self {
        self.text = text;
        self
    }

    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
