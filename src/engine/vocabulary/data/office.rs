//! Office and data work; teaching, software, services of the person.

use super::{BuiltinSkill, skills};

skills! {
    "office_data";
    office_clerk "文员" "Office clerk work" "3-01-02-02"
        ["行政主管" "行政经理" "办公室文员" "行政文员" "内勤" "办公文员" "行政助理" "行政" "行政专员" "办公室"
         "办公室工作" "文职" "综合文员" "Clerk"]
    reception "前台" "Reception" - ["前台接待" "公司前台" "接待" "前台文员" "接待员" "Receptionist"]
    typing "打字" "Typing" "3-01-02-05"
        ["打字员" "录入" "文字录入" "打字复印" "打印复印" "速录" "图文打印" "复印" "打印店" "Typist"]
    data_entry "数据录入" "Data entry" -
        ["录入员" "数据录入员" "资料录入" "信息录入" "数据输入" "信息采集" "Data entry clerk"]
    data_labelling "数据标注" "Data labelling" "4-04-05-05"
        ["标注员" "数据标注员" "AI标注" "图像标注" "拉框" "人工智能训练" "语音标注" "标注" "人工智能训练师" "图片标注"
         "文本标注" "数据标住" "点云标注" "AI训练师" "Data annotation"]
    content_moderation "内容审核" "Content moderation" - ["审核员" "信息审核" "视频审核" "图片审核" "内容审核员"]
    office_software "办公软件" "Office software" -
        ["电脑操作" "WPS" "Excel" "会电脑" "Word" "电脑办公" "办公自动化" "会用电脑" "电脑" "计算机操作" "电脑基础"
         "Office skills"]
    statistics "统计员" "Statistics" "3-01-01-03"
        ["统计" "车间统计" "生产统计" "统计文员" "数据统计" "记录员" "统计调查"]
    accounting "会计" "Accounting" -
        ["做账" "记账" "会记" "财务会计" "代账" "成本会计" "会计师" "会计助理" "财务" "主办会计" "Accountant"
         "Bookkeeping"]
    cash_keeping "出纳" "Cash keeping" - ["出纳员" "出纳会计"]
    human_resources "人事" "Human resources" "4-07-03-04"
        ["人事专员" "招聘专员" "人力资源" "HR" "人事行政" "人事文员" "劳资" "人事助理" "人力资源管理"]
    labour_brokerage "劳务经纪" "Labour brokerage" "4-07-03-07"
        ["劳务带头人" "劳务派遣" "带工" "劳务中介" "劳务经纪人" "派遣驻厂" "驻厂管理"]
    filing "档案管理" "Filing" "4-13-01-06"
        ["档案整理" "档案员" "档案扫描" "档案数字化" "扫描员(档案)" "图书管理员" "图书管理"]
    secretary "秘书" "Secretarial work" "3-01-02-02" ["助理" "经理助理" "总经理助理" "文秘" "写材料" "公文写作"]
    general_manager "企业管理" "Business management" - ["经理" "管理" "企业经营" "管理人员" "总经理" "主管" "Manager"]
    bank_service "银行服务" "Bank service" "4-05-01-01" ["大堂经理(银行)" "银行柜员" "柜员" "银行大堂" "点钞"]
    translation "翻译" "Translation" - ["英语翻译" "口译" "外语" "英语" "手语翻译" "外贸业务员" "外贸" "Translator"]
    software_development "软件开发" "Software development" "4-04-05-01"
        ["PHP" "程序员" "编程" "写代码" "计算机编程" "网站开发" "前端开发" "Java" "Python" "Programmer"]
    software_testing "软件测试" "Software testing" "4-04-05-02" ["测试工程师(软件)" "APP测试" "软件测试员"]
    network_engineering "网络工程" "Network engineering" "4-04-04-01"
        ["网络管理员" "网络布线" "网络工程师" "机房运维" "机房值班"]
    printing_prepress "印前制作" "Prepress" "6-08-01-01" ["晒版" "拼版" "印前排版" "图文排版"]
}

/// Schools, kindergartens and instruction.
pub(super) mod education {
    use super::super::{BuiltinSkill, skills};

    skills! {
        "education";
        kindergarten_teaching "幼儿教师" "Kindergarten teaching" -
            ["幼师" "幼教" "幼儿园老师" "幼儿园教师" "幼儿老师" "学前教育" "Preschool teacher"]
        childcare_assistance "保育员" "Nursery assistance" "4-10-01-03"
            ["保育" "保育师" "生活老师" "幼儿园保育员" "宿舍生活老师" "生活老师(学校)" "Nursery assistant"]
        school_teaching "教师" "School teaching" -
            ["英语教师" "化学老师" "物理老师" "老师" "代课老师" "小学教师" "中学教师" "教书" "小学老师" "数学老师"
             "语文老师" "英语老师" "代课教师" "教学" "Teacher"]
        tutoring "辅导作业" "Tutoring" -
            ["家教" "托管老师" "课后辅导" "托管" "晚托" "午托" "托管班" "作业辅导" "补课" "Tutor"]
        art_music_teaching "音乐美术教师" "Art and music teaching" -
            ["美术老师" "音乐老师" "舞蹈老师" "钢琴老师" "艺术培训" "教舞蹈" "书法老师"]
        sports_coaching "体育教练" "Sports coaching" "4-14-05-01"
            ["健身教练" "体育老师" "游泳教练" "篮球教练" "健身" "瑜伽教练" "瑜伽" "Fitness coach"]
        vocational_training "职业培训师" "Vocational training" "4-07-03-05"
            ["培训师" "技能培训" "培训讲师" "带徒弟" "讲师" "培训老师"]
    }
}

/// Hair, skin, feet, leisure.
pub(super) mod beauty {
    use super::super::{BuiltinSkill, skills};

    skills! {
        "beauty_leisure";
        hairdressing "美发" "Hairdressing" "4-10-03-02"
            ["理发" "剪头发" "发型师" "美发师" "理发师" "理发店" "美发学徒" "烫染" "剪发" "烫头发" "Hairdresser"
             "Barber"]
        shampooing "洗头" "Hair washing" "4-10-03-02" ["洗头工" "洗发" "头疗" "养发" "头皮护理" "洗剪吹" "头疗师"]
        beauty_care "美容" "Beauty care" "4-10-03-01"
            ["美容师" "皮肤护理" "美容院" "美容护理" "美体" "纹绣" "护肤" "皮肤管理" "Beautician"]
        manicure "美甲" "Manicure" "4-10-03-03" ["美甲师" "美睫" "做指甲" "美甲美睫" "嫁接睫毛" "Nail art"]
        makeup "化妆" "Make-up" "4-08-08-20" ["化妆师" "彩妆" "跟妆" "新娘化妆" "造型师" "Make-up artist"]
        massage "按摩" "Massage" "4-10-04-02"
            ["推拿" "按摩师" "足疗" "推拿师" "按磨" "保健按摩" "足浴" "足疗技师" "盲人按摩" "采耳" "足浴技师" "洗脚"
             "Masseur"]
        pedicure "修脚" "Foot care" "4-10-03-05" ["修脚师" "修脚工" "足部护理"]
        bath_service "浴池服务" "Bathhouse service" "4-10-03-04" ["搓澡" "搓背" "洗浴服务" "浴场服务员" "汗蒸" "洗浴"]
        entertainment_service "娱乐场所服务" "Leisure venue service" "4-14-05-04"
            ["KTV服务员" "网吧管理" "网吧" "棋牌室" "康乐服务" "KTV" "网吧网管" "麻将馆" "影院服务员"]
        piercing_tattoo "纹身" "Tattooing" - ["刺青" "纹身师" "纹身学徒"]
        matchmaking "婚介" "Matchmaking" "4-10-05-01" ["红娘" "婚姻介绍" "婚介师" "婚恋服务"]
    }
}
