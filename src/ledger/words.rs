//! Values of closed lists in the words offices use, the provincial systems' lists included.
//!
//! Words are compared after [`fold`]; leading list numbers (`21本科`) do not matter. What is not known stays unknown: a wrong
//! guess about health or capacity decides over a household.

use unicode_normalization::UnicodeNormalization;

use crate::domain::advert;
use crate::domain::codes::{
    Absence, BarrierKind, CareKind, Channel, Education, EmployerKind, Hazard, Health, LabourClass, MonitoringClass,
    PayKind, Region, Relation, RuledOut, SchoolStatus, Sex, Shift,
};

/// NFKC, no blanks, lower case, no list number in front.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let rest = plain.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '、');
    if rest.is_empty() { plain } else { rest.to_owned() }
}

/// Whether a cell says "nothing to tell": such a cell counts as empty.
#[must_use]
pub fn is_nothing(folded: &str) -> bool {
    matches!(folded, "" | "/" | "-" | "--" | "—" | "——" | "不详" | "未知" | "暂无" | "空" | "待定" | "未填" | "n/a")
}

/// Whether words that stand where an employer, a job or its kind should say that there is none.
#[must_use]
pub fn is_no_job(text: &str) -> bool {
    says_unemployed(text)
        || matches!(fold(text).as_str(), "无" | "没有" | "待岗" | "在家" | "无工作" | "没有工作" | "无单位" | "无岗位")
}

/// Whether a cell of a job, or of a course, says that there is none, or nothing at all.
#[must_use]
pub fn says_nothing(text: &str) -> bool {
    let folded = fold(text);
    is_nothing(&folded) || is_no_job(&folded) || folded == "0"
}

/// The words of [`is_no_job`] that deny work wherever they stand; 无 may be a blank, and 在家 a place.
#[must_use]
pub fn says_unemployed(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "无业" | "待业" | "失业" | "未就业" | "未务工" | "未从业" | "未就业创业" | "在家待业" | "待业在家"
    )
}

/// Whether words that stand where an employer or a job should say that somebody works the land.
#[must_use]
pub fn is_farming(text: &str) -> bool {
    matches!(fold(text).as_str(), "务农" | "在家务农" | "种地" | "在家种地" | "种田" | "农业")
}

#[must_use]
pub fn yes_no(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "是" | "有" | "y" | "yes" | "true" | "√" | "✓" | "1" | "对" | "愿意" | "同意" | "可以" | "可" | "能" => {
            Some(true)
        }
        "否" | "无" | "n" | "no" | "false" | "×" | "x" | "0" | "不" | "不是" | "没有" | "不愿意" | "不可以"
        | "不可" | "不能" => Some(false),
        _ => None,
    }
}

#[must_use]
pub fn sex(text: &str) -> Option<Sex> {
    match fold(text).as_str() {
        "男" | "男性" | "m" | "male" | "1" => Some(Sex::Male),
        "女" | "女性" | "f" | "female" | "2" => Some(Sex::Female),
        _ => None,
    }
}

#[must_use]
pub fn relation(text: &str) -> Option<Relation> {
    let folded = fold(text);
    // 配偶(妻), 女儿(外嫁): what stands in brackets explains.
    let word = without_brackets(&folded).trim_start_matches("户主").trim_start_matches('之');
    Some(match word {
        "" | "本人" | "本人或户主" => Relation::Head,
        "配偶" | "妻" | "夫" | "妻子" | "丈夫" | "爱人" | "老婆" | "老公" => Relation::Spouse,
        "子女" | "子" | "女" | "儿子" | "女儿" | "长子" | "次子" | "三子" | "四子" | "五子" | "长女" | "次女"
        | "二女" | "三女" | "四女" | "五女" | "二子" | "独生子" | "独生女" | "养子" | "养女" | "继子" | "继女"
        | "养子女" | "继子女" | "大儿子" | "小儿子" | "大女儿" | "小女儿" => Relation::Child,
        "儿媳" | "女婿" | "儿媳/女婿" | "媳妇" | "儿媳妇" | "长媳" | "次媳" | "长子媳" | "次子媳" | "子媳" | "长婿"
        | "次婿" => Relation::ChildInLaw,
        "孙辈" | "孙子" | "孙女" | "外孙" | "外孙女" | "外孙子" | "孙" | "曾孙" | "曾孙子" | "曾孙女" | "孙子女"
        | "外孙子女" => Relation::Grandchild,
        "父母" | "父亲" | "母亲" | "父" | "母" | "爸爸" | "妈妈" | "继父" | "继母" | "养父" | "养母" => {
            Relation::Parent
        }
        "岳父母/公婆" | "岳父" | "岳母" | "公公" | "婆婆" | "岳父母" | "公婆" | "配偶父母" => {
            Relation::ParentInLaw
        }
        "祖辈" | "祖父" | "祖母" | "爷爷" | "奶奶" | "外祖父" | "外祖母" | "外公" | "外婆" | "祖父母" | "外祖父母" => {
            Relation::Grandparent
        }
        "兄弟姐妹" | "兄" | "弟" | "姐" | "妹" | "哥哥" | "弟弟" | "姐姐" | "妹妹" | "兄弟" | "姐妹" => {
            Relation::Sibling
        }
        "其他" | "其它" | "其他亲属" | "侄子" | "侄女" | "侄儿" | "弟媳" | "嫂子" | "孙媳" | "孙媳妇" | "孙女婿"
        | "叔" | "伯" | "姑" | "非亲属" => Relation::Other,
        _ => return None,
    })
}

#[must_use]
pub fn education(text: &str) -> Option<Education> {
    Some(match fold(text).as_str() {
        "文盲或半文盲" | "文盲" | "半文盲" | "未上学" | "未入学" | "学龄前" | "学龄前儿童" | "无" => {
            Education::None
        }
        "小学" | "小学在读" => Education::Primary,
        "初中" | "初级中学" | "初中及以下" | "普通中学" | "初中在读" => Education::JuniorMiddle,
        "高中" | "普通高中" | "高级中学" | "高中在读" => Education::SeniorMiddle,
        "中专" | "中专/技校" | "技校" | "技工" | "技工学校" | "职业高中" | "职高" | "中职" | "中等"
        | "中等专业学校" | "中技" => Education::Vocational,
        "大专" | "专科" | "高职" | "大学专科" => Education::College,
        "本科" | "大学" | "大学本科" | "本科及以上" | "大学以上" | "大学及以上" => {
            Education::Bachelor
        }
        "研究生" | "研究生以上" | "研究生及以上" | "硕士" | "博士" => Education::Postgraduate,
        _ => return None,
    })
}

/// The type and grade of a disability are read over on purpose: they are health data nobody here needs.
#[must_use]
pub fn health(text: &str) -> Option<Health> {
    let folded = fold(text);
    match folded.as_str() {
        "健康" | "良好" | "健康或良好" | "一般" | "较好" | "正常" => Some(Health::Healthy),
        "患慢性病" | "慢性病" | "长期慢性病" | "患有慢性病" | "慢病" => Some(Health::ChronicIllness),
        "患大病" | "大病" | "重病" | "患有大病" | "重大疾病" | "重症" => Some(Health::SeriousIllness),
        word if word.contains("残疾") || word.contains("伤残") => Some(Health::Disabled),
        _ => None,
    }
}

#[must_use]
pub fn labour_class(text: &str) -> Option<LabourClass> {
    let folded = fold(text);
    Some(match without_brackets(&folded) {
        "技能劳动力" | "技能型劳动力" => LabourClass::Skilled,
        "普通劳动力" | "有劳动力" | "有劳动能力" | "整劳动力" | "全劳动力" | "适龄劳动" => {
            LabourClass::Ordinary
        }
        "弱劳动力或半劳动力"
        | "弱劳动力"
        | "半劳动力"
        | "弱(半)劳动力"
        | "弱半劳动力"
        | "半劳力"
        | "弱劳力"
        | "弱"
        | "半" => LabourClass::WeakOrHalf,
        "丧失劳动力" | "丧失劳动能力" => LabourClass::Lost,
        "无劳动力" | "无劳动能力" => LabourClass::None,
        _ => return None,
    })
}

/// Short answers in a column that asks for capacity: of 劳动技能 the same words would speak of skills.
#[must_use]
pub fn capacity(text: &str) -> Option<LabourClass> {
    let folded = fold(text);
    match without_brackets(&folded) {
        "有" | "是" | "√" => Some(LabourClass::Ordinary),
        "丧失" => Some(LabourClass::Lost),
        "无" | "否" | "没有" | "×" => Some(LabourClass::None),
        _ => None,
    }
}

/// Words that say that a job is over, wherever they stand; and those that only do so of a job's state: 退出监测户 is something else.
const OVER: &[&str] = &["离职", "离岗", "退岗", "辞职", "辞退", "解聘", "不在岗", "不在职", "退出公益"];
const OVER_AS_STATE: &[&str] = &["退出", "返乡", "不干了"];

/// Whether a remark begins by saying that the job is over.
#[must_use]
pub fn says_left(remark: &str) -> bool {
    let folded = fold(remark);
    let word = folded.trim_start_matches(['已', '经', '现', '(']);
    OVER.iter().any(|over| word.starts_with(over))
}

/// Whether the state of a job is that it is over: 已返乡, 否（2026年5月已退出）; 返乡创业 is another beginning.
#[must_use]
pub fn is_left(state: &str) -> bool {
    let folded = fold(state);
    let word = folded.trim_start_matches(['否', '已', '经', '现', '(']);
    let goes_on = ["创业", "就业", "务工"].iter().any(|word| folded.contains(word));
    let is_over =
        || OVER_AS_STATE.iter().any(|over| word.starts_with(over) || (folded.starts_with('否') && word.contains(over)));
    says_left(state) || (!goes_on && is_over())
}

/// Whether a remark says of the person, and not of somebody else, that they are dead.
#[must_use]
pub fn says_dead(remark: &str) -> bool {
    let folded = fold(remark);
    let word = folded.trim_start_matches(|c: char| c.is_ascii_digit() || "年月日号.-/已经于因本人".contains(c));
    folded.starts_with("已故")
        || ["死亡", "去世", "亡故", "病故", "病逝", "病亡", "病死"].iter().any(|dead| word.starts_with(dead))
}

/// Whether a remark says of the person, or of the household, that they live here no more.
#[must_use]
pub fn says_gone(remark: &str) -> bool {
    let folded = fold(remark);
    let word = folded.trim_start_matches(['已', '本', '人', '全', '整', '户']);
    ["外嫁", "出嫁", "返迁", "迁出", "搬走", "户口迁出", "户口已迁"].iter().any(|gone| word.starts_with(gone))
}

#[must_use]
pub fn school(text: &str) -> Option<SchoolStatus> {
    // 在校大学生 is what 大学生 is; 在校 alone says no more.
    Some(match fold(text).trim_start_matches("在校") {
        "非在校生" | "非在校" | "否" | "无" | "不在校" | "已毕业" | "毕业" | "未上学" | "学龄前" | "学龄前儿童"
        | "辍学" => SchoolStatus::NotInSchool,
        "上中学" | "初中" | "高中" | "中学" | "初中在读" | "高中在读" | "初中生" | "高中生" | "初一" | "初二"
        | "初三" | "高一" | "高二" | "高三" => SchoolStatus::MiddleSchool,
        "上职业院校" | "职业院校" | "中职" | "高职" | "职高" | "中职在读" | "高职在读" => {
            SchoolStatus::VocationalSchool
        }
        "上技校" | "技校" | "技工院校" | "技校在读" => SchoolStatus::TechnicalSchool,
        "上普通高校" | "普通高校" | "大学生" | "大一" | "大二" | "大三" | "大四" | "大学" | "大专" | "本科"
        | "研究生" | "大学在读" | "大专在读" | "本科在读" => SchoolStatus::University,
        "生" | "" | "是" | "在读" | "小学" | "小学在读" | "上小学" | "学生" | "幼儿园" | "学前教育" => {
            SchoolStatus::InSchool
        }
        _ => return None,
    })
}

#[must_use]
pub fn absence(text: &str) -> Option<Absence> {
    Some(match fold(text).as_str() {
        "服兵役" | "现役军人" | "参军" | "当兵" => Absence::MilitaryService,
        "服刑" | "判刑劳改" | "在押" | "监狱服刑" => Absence::Prison,
        "长期住院或托养" | "长期住院" | "托养" | "长期托养" => Absence::LongTermCare,
        "失踪" | "失联" => Absence::Missing,
        _ => return None,
    })
}

#[must_use]
pub fn monitoring(text: &str) -> Option<MonitoringClass> {
    Some(match fold(text).as_str() {
        "非监测对象" | "否" | "无" | "脱贫户" | "一般户" | "一般农户" | "一般脱贫户" | "稳定脱贫户" | "已脱贫" => {
            MonitoringClass::None
        }
        "脱贫不稳定户" | "脱贫不稳定" => MonitoringClass::Unstable,
        "边缘易致贫户" | "边缘户" | "边缘易致贫" => MonitoringClass::Marginal,
        "突发严重困难户" | "突发困难户" | "突发严重困难" => MonitoringClass::SuddenHardship,
        _ => return None,
    })
}

#[must_use]
pub fn region(text: &str) -> Option<Region> {
    let folded = fold(text);
    Some(match folded.as_str() {
        "乡(镇)内" | "乡镇内" | "镇内" | "乡内" | "社区内" | "本社区" | "本镇" | "街道内" | "村内" => {
            Region::Town
        }
        "乡(镇)外县内" | "乡镇外县内" | "镇外县内" | "县内" | "区内" | "本县" | "本区" | "县(区)内" => {
            Region::County
        }
        "县外市内" | "区外市内" | "市内" | "本市" => Region::City,
        "市外省内" | "省内" | "市外" | "本省" => Region::Province,
        "省外" | "外省" | "长三角" | "珠三角" => Region::OtherProvince,
        "境外" | "国外" => Region::Abroad,
        word if word.starts_with("省外") => Region::OtherProvince,
        _ => return None,
    })
}

#[must_use]
pub fn channel(text: &str) -> Option<Channel> {
    let folded = fold(text);
    Some(match without_brackets(&folded) {
        "微工厂"
        | "社区工厂"
        | "扶贫车间"
        | "帮扶车间"
        | "就业扶贫车间"
        | "就业帮扶车间"
        | "园区微工厂"
        | "园区务工"
        | "园区就业"
        | "园区企业"
        | "微工厂就业"
        | "帮扶车间就业"
        | "就业帮扶车间就业" => Channel::MicroFactory,
        "外出务工" | "外出打工" | "劳务输出" | "省外务工" | "外出就业" | "转移输出" | "县外务工" | "县外省内务工"
        | "省内县外务工" | "省内务工" | "省外就业" | "跨省务工" => Channel::Outbound,
        "自主创业" | "创业" | "自主经营" | "个体经营" => Channel::SelfEmployed,
        "本地就业" | "就近就业" | "本地务工" | "就地就近" | "就地就近就业" => Channel::Local,
        "公益性岗位"
        | "公益岗"
        | "公益岗位"
        | "公益专岗"
        | "城镇公岗"
        | "特设公岗"
        | "村组公岗"
        | "乡村公益性岗位"
        | "乡村公益岗"
        | "乡村公岗"
        | "城镇公益性岗位"
        | "公岗"
        | "公益性岗位就业" => Channel::PublicWelfare,
        "灵活就业" | "居家就业" | "居家务工" | "零工" | "散工" | "打零工" => Channel::Flexible,
        "农业就业" | "务农" | "农业" | "种养殖" => Channel::Farming,
        _ => return None,
    })
}

/// How somebody found the work: stands in a column that other ledgers use for the channel, and is not one.
#[must_use]
pub fn is_way_of_finding_work(text: &str) -> bool {
    let folded = fold(text);
    matches!(
        folded.as_str(),
        "组织介绍"
            | "亲友介绍"
            | "自行就业"
            | "其他"
            | "政府组织转移"
            | "自发转移"
            | "企业组织"
            | "农村劳务"
            | "自发"
            | "劳务公司"
    )
}

/// `(employed, channel the word gives away)`.
#[must_use]
pub fn status(text: &str) -> Option<(bool, Option<Channel>)> {
    let folded = fold(text);
    let word = without_brackets(&folded);
    Some(match word {
        "已就业" | "就业" | "是" | "√" | "✓" | "有" | "务工" | "在岗" | "在职" | "转移就业" | "正在务工" | "已务工"
        | "本市县就业" => (true, None),
        "农业就业" | "务农" => (true, Some(Channel::Farming)),
        "自主创业" | "创业" => (true, Some(Channel::SelfEmployed)),
        "灵活就业" => (true, Some(Channel::Flexible)),
        "未就业" | "未就业创业" | "否" | "×" | "已离职" | "离职" | "已离岗" | "离岗" | "已退出" | "退出" | "已返乡"
        | "返乡" | "返乡待业" | "不在岗" | "待岗" | "在家待业" | "待业在家" | "无业" | "待业" | "失业" | "未务工"
        | "返乡未就业" | "无转移状态" | "无" | "在家" => (false, None),
        // The way somebody works says that they do.
        word => return channel(word).map(|channel| (true, Some(channel))),
    })
}

/// What stands before a bracket that explains it; the whole if nothing does.
fn without_brackets(folded: &str) -> &str {
    match folded.split_once('(') {
        Some((word, _)) if !word.is_empty() => word,
        _ => folded,
    }
}

/// `(willing, wish for a business of one's own)`.
#[must_use]
pub fn willing(text: &str) -> Option<(bool, bool)> {
    match fold(text).as_str() {
        "有转移就业意愿" | "有就业意愿" | "有意愿" => Some((true, false)),
        "有创业意愿" => Some((true, true)),
        "无就业创业意愿" | "无就业意愿" | "无意愿" | "不想就业" => Some((false, false)),
        word => yes_no(word).map(|yes| (yes, false)),
    }
}

/// A named course is a wish for training.
#[must_use]
pub fn willing_to_train(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "无培训意愿" | "不参加" | "未参加培训" => Some(false),
        word if word.ends_with("培训") || word == "上技校" || word == "有培训意愿" => Some(true),
        word => yes_no(word),
    }
}

#[must_use]
pub fn shift(text: &str) -> Option<Shift> {
    advert::shift::named(&fold(text))
}

#[must_use]
pub fn pay_kind(text: &str) -> Option<PayKind> {
    Some(match fold(text).as_str() {
        "月薪" | "月结" | "按月" | "计月" | "月" => PayKind::Monthly,
        "日薪" | "日结" | "按天" | "计日" | "天" | "日" => PayKind::Daily,
        "时薪" | "小时工" | "按小时" | "计时" | "小时" | "时" => PayKind::Hourly,
        "计件" | "计件工资" | "按件" | "件" => PayKind::Piece,
        _ => return None,
    })
}

#[must_use]
pub fn employer_kind(text: &str) -> Option<EmployerKind> {
    Some(match fold(text).as_str() {
        "园区微工厂" | "微工厂" | "园区企业" | "社区工厂" | "入驻企业" => EmployerKind::Tenant,
        "外地企业" | "外省企业" | "省外企业" => EmployerKind::Outbound,
        "本地企业" | "当地企业" | "区内企业" => EmployerKind::Local,
        "公益性岗位单位" | "公益岗单位" | "公益性岗位" => EmployerKind::PublicWelfare,
        _ => return None,
    })
}

#[must_use]
pub fn hazard(text: &str) -> Option<Hazard> {
    Hazard::ALL.iter().copied().find(|kind| kind.label().zh == text).or(match text {
        "有毒有害" | "毒物" | "化学品" | "化学毒物" | "有害气体" => Some(Hazard::Toxic),
        "高处作业" | "高空" | "高空作业" => Some(Hazard::Height),
        "冷水作业" => Some(Hazard::ColdWater),
        "高温作业" => Some(Hazard::Heat),
        "低温作业" => Some(Hazard::LowTemperature),
        "噪音" => Some(Hazard::Noise),
        "辐射" | "放射性" => Some(Hazard::Radiation),
        "其他" => Some(Hazard::Other),
        _ => None,
    })
}

#[must_use]
pub fn ruled_out(text: &str) -> Option<RuledOut> {
    match fold(text).as_str() {
        "夜班" | "上夜班" | "倒班夜班" => Some(RuledOut::Night),
        "加班" => Some(RuledOut::Overtime),
        "化学品" | "接触化学品" | "有毒" | "油漆" | "有毒有害" => Some(RuledOut::Chemicals),
        _ => None,
    }
}

#[must_use]
pub fn care_kind(text: &str) -> Option<CareKind> {
    match fold(text).as_str() {
        "幼儿" | "孩子" | "小孩" | "儿童" | "婴儿" | "婴幼儿" | "学生" | "子女" => {
            Some(CareKind::Child)
        }
        "老人" | "老年人" | "父母" => Some(CareKind::Elder),
        "病人" | "患者" | "残疾人" | "病患" | "重病" => Some(CareKind::Patient),
        _ => None,
    }
}

/// A reason in free words; what fits nothing is `Other`, never dropped.
#[must_use]
pub fn barrier(text: &str) -> BarrierKind {
    const WORDS: &[(BarrierKind, &[&str])] = &[
        (BarrierKind::Care, &["照顾", "照料", "照护", "带小孩", "带孩", "带娃", "陪读", "看护", "抚养"]),
        (BarrierKind::Health, &["病", "残", "健康", "身体", "孕"]),
        (BarrierKind::Skill, &["技能", "技术", "文化", "不识字"]),
        (BarrierKind::Age, &["年龄", "年老", "年纪", "高龄"]),
        (BarrierKind::Willingness, &["不愿", "意愿", "不想"]),
        (BarrierKind::Distance, &["距离", "太远", "路远", "交通"]),
        (BarrierKind::Documents, &["证件", "身份证", "户口"]),
        (BarrierKind::Legal, &["官司", "纠纷", "法律", "诉讼", "取保", "矫正"]),
    ];
    let hit = |words: &[&str]| words.iter().any(|word| text.contains(word));
    WORDS.iter().find(|(_, words)| hit(words)).map_or(BarrierKind::Other, |(kind, _)| *kind)
}

/// Grade of physical work: `2`, `Ⅱ`, `II级`, `二级`, `中等`.
#[must_use]
pub fn grade(text: &str) -> Option<u8> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    match plain.to_lowercase().trim_end_matches('级') {
        "1" | "i" | "一" | "轻" | "轻体力" => Some(1),
        "2" | "ii" | "二" | "中" | "中等" | "中等体力" => Some(2),
        "3" | "iii" | "三" | "重" | "重体力" => Some(3),
        "4" | "iv" | "四" | "极重" | "很重" => Some(4),
        _ => None,
    }
}
