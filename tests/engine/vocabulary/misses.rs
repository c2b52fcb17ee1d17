//! Names that are near in letters and far in meaning, or that mean nothing the vocabulary knows.

use wangjia::engine::similarity::SkillTable;

use super::builtin;

/// Neither may serve where the other is asked, nor be offered for it.
pub(super) const FAR_APART: &[(&str, &str)] = &[
    ("电焊", "电工"),
    ("电焊工", "电工"),
    ("平车", "叉车"),
    ("平车", "洗车"),
    ("平车", "行车工"),
    ("平车工", "吊车工"),
    ("保安", "保洁"),
    ("保安员", "保洁员"),
    ("保安", "保姆"),
    ("保育员", "保安员"),
    ("车工(机械)", "车工(服装)"),
    ("车床", "平车"),
    ("木工", "木耳种植"),
    ("挡车工", "叉车工"),
    ("挡车工", "停车管理员"),
    ("钢筋工", "管道工"),
    ("钳工", "镗工"),
    ("焊工", "烫工"),
    ("烫工", "电工"),
    ("瓦工", "电工"),
    ("铣工", "漆工"),
    ("会计", "设计"),
    ("会计", "会议服务"),
    ("美容", "美甲师傅学徒证"),
    ("美容", "汽车美容"),
    ("美容师", "宠物美容师"),
    ("美发", "收发"),
    ("护工", "护林员"),
    ("护士", "护林员"),
    ("育婴", "育苗"),
    ("育婴师", "婚庆"),
    ("采茶", "奶茶"),
    ("制茶", "茶艺"),
    ("养老护理", "宠物护理"),
    ("养猪", "养蜂"),
    ("养鱼", "养蚕"),
    ("家电维修", "家具维修"),
    ("家电维修", "家具安装"),
    ("手机维修", "水泵维修"),
    ("电脑维修", "电机维修"),
    ("手机组装", "家具组装"),
    ("手机销售", "手机维修"),
    ("汽车销售", "汽车维修"),
    ("汽车维修", "空调维修"),
    ("货车司机", "塔吊司机"),
    ("出租车司机", "挖掘机司机"),
    ("客房服务", "客户服务"),
    ("客房服务员", "客服人员"),
    ("餐厅服务员", "景区服务员"),
    ("幼儿教师", "驾校教练"),
    ("数据标注", "数据线"),
    ("数据录入", "数控操作"),
    ("数控车床", "平车"),
    ("测量员", "测试员"),
    ("安检员", "安全员"),
    ("质检员", "安检员"),
    ("收银员", "收费管道工"),
    ("配菜", "配货"),
    ("配货", "配种"),
    ("洗碗工", "洗车工"),
    ("洗车", "洗衣"),
    ("洗头", "洗碗"),
    ("绕线", "剪线"),
    ("剥线", "剪线"),
    ("打板", "打枣"),
    ("打磨", "打包"),
    ("打铁", "打字"),
    ("贴砖", "贴标"),
    ("贴片", "贴砖"),
    ("贴膜", "贴砖"),
    ("插件", "插花"),
    ("模板工", "模板缝纫"),
    ("模具", "模特"),
    ("拉布", "织布"),
    ("裁缝", "裁剪工头发"),
    ("缝纫机维修", "缝纫"),
    ("刺绣", "刺青"),
    ("蜡染", "印染"),
    ("竹编", "数控编程"),
    ("银饰", "装饰装修"),
    ("电镀", "电剪"),
    ("水电工", "水洗工"),
    ("水电工", "水产养殖"),
    ("水暖工", "水手"),
    ("防水", "防损员"),
    ("油漆工", "油坊"),
    ("抹灰", "刮痧"),
    ("喷漆", "喷药"),
    ("喷油", "榨油"),
    ("面点", "盘点"),
    ("奶茶", "揉茶"),
    ("凉菜", "种菜"),
    ("卤菜", "卖菜"),
    ("保温", "保险"),
    ("保姆", "保险"),
    ("采购", "采摘"),
    ("采石", "采茶"),
    ("直播", "广播员体操"),
    ("电商", "电焊"),
    ("主播", "主裁"),
    ("跟单", "派单"),
    ("welder", "waiter"),
    ("Baker", "Barber"),
    ("Packer", "Baker"),
];

#[test]
fn near_letters_are_not_near_work() {
    assert!(FAR_APART.len() >= 60);
    let mut vocabulary = builtin().clone();
    let ids: Vec<_> = FAR_APART.iter().map(|(a, b)| (vocabulary.intern(a), vocabulary.intern(b))).collect();
    let table = SkillTable::build(&vocabulary);
    let mut wrong = Vec::new();
    for (&(a, b), &(ia, ib)) in FAR_APART.iter().zip(&ids) {
        let points = table.points(ia, ib).max(table.points(ib, ia));
        // Below this the scorer treats the skill as missing.
        if points >= 4_000 {
            wrong.push(format!("{a} and {b} share {points}"));
        }
        for (name, other) in [(a, ib), (b, ia)] {
            if vocabulary.suggest(name, 10).iter().any(|found| found.skill == other) {
                wrong.push(format!("{name} is offered the skill of the other of {a}, {b}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_skill_resolves_to_nothing() {
    let vocabulary = builtin();
    for name in [
        "",
        " ",
        "无",
        "没有",
        "不详",
        "暂无",
        "其他",
        "（）",
        "///",
        "身体好",
        "能吃苦",
        "初中",
        "高级",
        "师傅",
        "工人",
        "员工",
        "熟练工",
        "兼职",
        "临时工",
        "3年",
        "吃苦耐劳",
        "听从安排",
        "电",
        "车",
        "平",
        "保洁/保安",
        "电工、月嫂",
        "旺家社区",
        "景航服装",
    ] {
        assert_eq!(vocabulary.resolve(name), None, "{name}");
    }
}

/// Names somebody made to be slow: many ways to cut, deep brackets, many parts.
#[test]
fn hostile_names_are_answered() {
    let vocabulary = builtin();
    for name in [
        "男女".repeat(5_000),
        "会做".repeat(5_000),
        "a(".repeat(20_000),
        "包包吃吃".repeat(3_000),
        "平车/叉车、".repeat(3_000),
    ] {
        assert_eq!(vocabulary.resolve(&name), None);
        assert!(vocabulary.suggest(&name, 3).len() <= 3);
    }
}
