//! Care of the old, the young and the sick; domestic work and cleaning.

use super::{BuiltinSkill, skills};

skills! {
    "care";
    elder_care "养老护理" "Elder care" "4-10-01-05"
        ["养老护理员" "护老" "照顾老人" "照护老人" "老人护理" "养老院护工" "敬老院护工" "带老人" "看护老人" "养老服务"
         "养老院护理员" "养老" "老年护理" "Eldercare worker"]
    disability_care "失能照护" "Care for the disabled" "4-10-01-05"
        ["残疾人照护" "失能老人护理" "托养护理" "残疾人护理" "残疾人托养" "长护险护理员" "长期照护"]
    patient_care "病患陪护" "Patient care" "4-14-01-02"
        ["护工" "陪护" "医院护工" "医疗护理员" "病人护理" "医院陪护" "照顾病人" "住院陪护" "陪护员" "护理员" "伺候病人"
         "Hospital care assistant"]
    home_care "居家照护" "Home care" "4-14-01-03"
        ["健康照护" "居家护理" "上门护理" "助浴" "居家养老" "健康照护师" "上门照护" "助餐"]
    companion_care "陪诊" "Hospital companion" "4-14-01-01" ["陪诊师" "陪诊员" "导诊" "导医" "代办就医"]
    maternity_care "月嫂" "Maternity care" "4-10-01-06"
        ["母婴护理" "月子护理" "母婴护理员" "产妇护理" "月子保姆" "坐月子护理" "月子中心护理" "产后护理"
         "Maternity nurse" "Confinement nanny"]
    infant_care "育婴" "Infant care" "4-10-01-01"
        ["育婴师" "育婴员" "育儿嫂" "带小孩" "带小孩子" "带孩子" "看小孩" "照顾婴儿" "带宝宝" "照看孩子" "育儿"
         "看孩子" "Nanny" "Babysitting"]
    lactation_massage "催乳" "Lactation support" - ["催乳师" "通乳" "产后康复" "小儿推拿" "产康师"]
    domestic_work "家政" "Domestic work" "4-10-01-06"
        ["家政护理" "家政服务" "家政服务员" "保姆" "住家保姆" "做家务" "家务" "家政阿姨" "住家阿姨" "家政工" "阿姨"
         "Domestic helper" "Housekeeper"]
    hourly_domestic "钟点工" "Hourly domestic work" "4-10-01-06"
        ["小时工" "钟点保洁" "钟点阿姨" "家庭钟点工" "上门做饭" "Hourly maid"]
    tidying "整理收纳" "Home organising" "4-10-01-06" ["收纳" "收纳师" "整理师" "衣橱整理"]
    nursing "护士" "Nursing" - ["护士长" "护理(医疗)" "注册护士" "护师" "临床护理" "助产" "打针输液" "Nurse"]
    village_doctor "乡村医生" "Village doctor" -
        ["医生" "中医" "大夫" "牙医" "村医" "赤脚医生" "诊所医生" "家庭医生" "Country doctor"]
    pharmacy_work "药店营业" "Pharmacy sales" "4-01-05-02"
        ["药房" "药店店员" "药剂员" "抓药" "卖药" "执业药师" "医药营业员" "Pharmacy assistant"]
    rehabilitation "康复理疗" "Rehabilitation" "4-10-04-01"
        ["康复师" "理疗" "理疗师" "艾灸" "针灸" "拔罐" "刮痧" "保健调理" "康复护理"]
    disinfection "消毒" "Disinfection" "4-14-04-02" ["消毒员" "消杀" "防疫消毒" "防疫员" "灭菌" "消毒供应"]
    funeral_service "殡葬服务" "Funeral service" "4-10-06-01" ["殡仪服务" "公墓管理" "殡仪馆" "扎纸" "抬棺" "殡葬"]
    pet_care "宠物护理" "Pet care" "4-10-07-01" ["宠物美容" "宠物店" "宠物寄养" "遛狗" "宠物美容师" "Pet grooming"]
    laundry "洗衣" "Laundry" "4-10-02-02"
        ["洗衣工" "干洗" "洗衣店" "洗衣房" "洗涤" "洗涤工" "布草洗涤" "干洗店" "洗涤厂" "洗衣师" "Dry cleaning"]
}

/// Cleaning of rooms, streets, machines.
pub(super) mod cleaning {
    use super::super::{BuiltinSkill, skills};

    skills! {
        "cleaning";
        cleaning "保洁" "Cleaning" "4-09-08-01"
            ["保洁员" "打扫卫生" "清洁工" "清洁" "保洁阿姨" "保洁工" "搞卫生" "做卫生" "卫生员" "保结" "扫地" "打扫"
             "卫生保洁" "清洁员" "办公室保洁" "小区保洁" "Cleaner"]
        deep_cleaning "深度保洁" "Deep cleaning" "4-09-08-01"
            ["开荒保洁" "开荒" "擦玻璃" "擦窗户" "日常保洁" "地毯清洗" "石材养护" "家庭保洁" "Move-in cleaning"]
        street_cleaning "环卫" "Street cleaning" "4-09-08-01"
            ["环卫工" "环卫工人" "扫马路" "道路清扫" "扫大街" "街道清扫" "马路清洁" "清扫工" "道路保洁"
             "Street sweeper"]
        refuse_collection "垃圾清运" "Refuse collection" "4-09-08-02"
            ["收垃圾" "倒垃圾" "垃圾清运工" "生活垃圾清运" "垃圾收集" "垃圾清理" "拉垃圾"]
        waste_separation "垃圾分类" "Waste separation" "4-09-08-03"
            ["垃圾分拣" "垃圾分类督导" "生活垃圾处理" "垃圾分类员" "垃圾中转站"]
        facade_cleaning "外墙清洗" "Facade cleaning" -
            ["高空保洁" "蜘蛛人" "外墙保洁" "高空清洗" "外墙保洁工" "高楼清洗"]
        appliance_cleaning "家电清洗" "Appliance cleaning" - ["油烟机清洗" "空调清洗" "清洗油烟机" "洗空调" "清洗家电"]
        pipe_clearing "管道疏通" "Drain clearing" -
            ["通下水道" "疏通" "清淤" "下水道疏通" "化粪池清理" "吸粪" "通厕所" "疏通管道"]
        tank_cleaning "工业清洗" "Industrial cleaning" "6-11-01-05" ["清罐" "设备清洗" "工业清洗工" "水箱清洗"]
        river_cleaning "河道保洁" "Waterway cleaning" "4-09-08-01"
            ["河道清洁" "河道管护" "打捞" "护河员" "河道巡查" "河道保洁员" "水库管护" "巡河员"]
        pest_control "除四害" "Pest control" "4-09-09-00" ["灭鼠" "灭蟑" "白蚁防治" "灭虫" "有害生物防制" "除虫"]
        car_washing "洗车" "Car washing" - ["洗车工" "擦车" "洗车店" "汽车清洗" "洗车美容" "Car wash"]
        public_toilet_keeping "公厕管理" "Public toilet keeping" "4-14-04-03"
            ["公厕保洁" "扫厕所" "公厕管护" "厕所保洁"]
    }
}
