//! Kitchens, dining rooms, hotels and the making of food.

use super::{BuiltinSkill, skills};

skills! {
    "catering";
    cooking "做饭" "Cooking" "4-03-02-01"
        ["煮饭" "做菜" "烧饭" "炒菜" "做饭阿姨" "煮饭阿姨" "做饭师傅" "烧菜" "家常菜" "弄饭" "煮饭工" "炊事员" "炊事"
         "Cook"]
    chef "厨师" "Chef work" "4-03-02-01"
        ["川菜" "湘菜" "黔菜" "粤菜" "炒锅" "掌勺" "大厨" "中餐厨师" "中式烹调" "炒菜师傅" "厨师长" "橱师" "厨师傅"
         "中式烹调师" "烹饪" "中餐烹饪" "炒炉" "主厨" "Head cook"]
    canteen_cook "食堂厨师" "Canteen cooking" "4-03-02-01"
        ["食堂做饭" "大锅菜" "食堂炊事" "食堂" "食堂工作人员" "食堂工人" "食堂师傅" "食堂阿姨" "学校食堂" "食堂大锅菜"
         "Canteen cook"]
    kitchen_prep "配菜" "Kitchen preparation" "4-03-02-01"
        ["切配" "砧板" "切菜" "打荷" "墩子" "配菜工" "洗菜" "择菜" "水台" "洗菜工" "摘菜" "Food preparation"]
    kitchen_help "厨房帮工" "Kitchen help" -
        ["帮厨" "厨工" "橱工" "厨房杂工" "后厨" "厨房小工" "后厨帮工" "厨房帮厨" "食堂帮厨" "后堂" "Kitchen hand"]
    dish_washing "洗碗" "Dish washing" - ["洗碗工" "洗碗阿姨" "洗碗员" "洗杯" "管事部" "餐具清洗" "刷碗" "Dishwasher"]
    waiting "餐厅服务" "Waiting at table" "4-03-02-05"
        ["餐饮" "餐饮业" "服务员" "餐饮服务员" "餐厅服务员" "端盘子" "餐饮服务" "餐馆服务员" "饭店服务员" "服务生"
         "火锅店服务员" "楼面" "楼面服务员" "Waiter" "Waitress"]
    food_running "传菜" "Food running" "4-03-02-05" ["传菜员" "传菜生" "跑菜" "上菜" "送菜" "Food runner"]
    restaurant_supervision "餐厅领班" "Dining room supervision" -
        ["领班" "餐厅经理" "餐饮领班" "楼面经理" "餐饮管理" "店长(餐饮)" "Restaurant supervisor"]
    pastry_chinese "中式面点" "Chinese pastry" "4-03-02-02"
        ["面点" "做包子" "做馒头" "包子" "白案" "早点" "面点师" "面食" "做早餐" "早餐制作" "包饺子" "做面条" "揉面"
         "Dim sum"]
    baking "烘焙" "Baking" "6-02-01-01"
        ["面包师" "蛋糕师" "西点" "西式面点" "裱花" "做蛋糕" "糕点制作" "面包制作" "烘培" "蛋糕裱花" "Baker"]
    western_cooking "西餐" "Western cooking" "4-03-02-03" ["西餐厨师" "西式烹调" "牛排" "披萨制作" "西厨" "日料" "寿司"]
    cold_dishes "凉菜" "Cold dishes" "4-03-02-01" ["冷菜" "凉菜师" "卤菜" "卤味" "凉拌" "卤菜制作" "冷盘"]
    barbecue "烧烤" "Barbecue" "4-03-02-01" ["烤串" "烧烤师傅" "烧烤师" "烤鱼" "穿串" "串串" "烧烤摊"]
    hotpot "火锅调制" "Hot pot making" "4-03-02-01" ["火锅" "炒料" "火锅底料" "火锅师傅"]
    noodle_making "米粉制作" "Noodle making" "4-03-02-02"
        ["煮粉" "绿豆粉" "羊肉粉" "做米粉" "粉店" "粉面师傅" "面馆" "拉面" "牛肉粉" "下面条"]
    snack_making "小吃制作" "Snack making" "4-03-02-02"
        ["小吃" "特色小吃" "米豆腐" "社饭" "豆腐花" "油炸小吃" "炸洋芋" "糍粑制作" "摆小吃摊"]
    tea_drinks "奶茶" "Tea drink making" "4-03-02-10"
        ["奶茶店" "调饮" "奶茶制作" "饮品制作" "调饮师" "水吧" "冷饮制作" "Bubble tea"]
    coffee_making "咖啡" "Coffee making" "4-03-02-08" ["咖啡师" "咖啡制作" "做咖啡" "Barista"]
    tea_art "茶艺" "Tea ceremony" "4-03-02-07" ["茶艺师" "泡茶" "茶道" "茶楼服务"]
    bartending "调酒" "Bartending" "4-03-02-09" ["调酒师" "吧台" "酒吧服务" "吧员"]
    meal_planning "营养配餐" "Meal planning" "4-03-02-06" ["配餐员" "营养配餐员" "营养师" "月子餐" "学生餐配餐"]
    room_service "客房服务" "Room service" "4-03-01-02"
        ["楼层服务员" "客房" "客房服务员" "铺床" "客房保洁" "酒店客房" "布草" "酒店服务员" "宾馆服务员" "打扫客房"
         "做房" "Housekeeping" "Chambermaid"]
    front_desk "酒店前台" "Hotel reception" "4-03-01-01"
        ["前厅接待" "总台" "宾馆前台" "前厅" "前厅服务员" "前台收银(酒店)" "礼宾" "迎宾" "行李员" "Hotel front desk"]
    homestay_keeping "民宿管理" "Homestay keeping" "4-14-06-02"
        ["民宿" "民宿管家" "农家乐" "农家乐服务员" "开农家乐" "客栈" "Homestay"]
    banquet_cooking "乡厨" "Village banquet cooking" "4-03-02-01"
        ["办酒席" "坝坝席" "流动厨师" "乡村厨师" "酒席厨师" "宴席"]
}

/// Food factories: slaughter, preserves, wine, tea.
pub(super) mod processing {
    use super::super::{BuiltinSkill, skills};

    skills! {
        "food_processing";
        food_processing "食品加工" "Food processing" "6-02-03-02"
            ["食品厂" "食品加工工" "食品生产" "食品厂普工" "食品包装" "食品制作" "食品车间" "速冻食品"
             "Food factory work"]
        slaughtering "屠宰" "Slaughtering" "6-01-04-01"
            ["杀猪" "宰杀" "屠宰工" "屠宰加工" "杀鸡" "杀牛" "屠夫" "畜禽屠宰"]
        meat_cutting "分割肉" "Meat cutting" "6-01-04-01"
            ["剔骨" "肉类分割" "切肉" "鸡肉分割" "分割工" "剔骨工" "Butchery"]
        meat_products "肉制品加工" "Meat processing" "6-01-04-03"
            ["腊肉制作" "香肠制作" "腌腊" "做腊肉" "灌香肠" "腊味" "牛肉干加工" "Sausage making"]
        pickling "酱腌菜" "Pickling" "6-02-05-08" ["腌菜" "泡菜" "酸菜" "榨菜" "做酸菜" "咸菜加工" "腌制"]
        chilli_products "辣椒制品" "Chilli products" "6-02-05-02"
            ["剁椒" "糟辣椒" "剪辣椒" "辣椒酱" "辣椒加工" "辣椒剪把" "油辣椒"]
        tofu_making "豆制品" "Tofu making" "6-01-07-03" ["做豆腐" "豆腐加工" "豆干" "豆腐制作" "磨豆腐" "豆腐坊"]
        starch_noodles "粉条加工" "Starch noodle making" "6-01-07-01"
            ["红薯粉" "苕粉" "做粉条" "粉丝加工" "红薯粉加工" "米粉厂"]
        fruit_processing "果蔬加工" "Fruit and vegetable processing" "6-01-06-00"
            ["水果加工" "蔬菜加工" "净菜加工" "坚果加工" "水果罐头" "核桃加工" "剥板栗" "果脯" "净菜"]
        oil_pressing "榨油" "Oil pressing" "6-01-01-03" ["打油" "油坊" "茶油加工" "菜籽油" "榨油工" "油茶加工" "油茶籽"]
        rice_milling "碾米" "Rice milling" "6-01-01-01" ["打米" "大米加工" "米厂" "精米加工"]
        flour_milling "磨面" "Flour milling" "6-01-01-02" ["面粉加工" "面条加工" "挂面加工" "面粉厂" "压面"]
        liquor_making "酿酒" "Liquor making" "6-02-06-03"
            ["白酒酿造" "烤酒" "酒厂" "酿酒工" "制曲" "上甑" "酒厂普工" "煮酒" "酱酒酿造" "Brewing"]
        beverage_making "饮料生产" "Beverage production" "6-02-06-09"
            ["饮料厂" "矿泉水厂" "饮料灌装" "纯净水灌装" "果汁加工"]
        tea_processing "制茶" "Tea processing" "6-02-06-10"
            ["炒茶" "茶叶加工" "杀青" "揉茶" "茶厂" "手工炒茶" "茶叶加工工" "制茶工" "抹茶加工" "Tea making"]
        tea_sorting "拣茶" "Tea sorting" "6-02-06-10" ["挑茶" "茶叶挑选" "茶叶分拣" "拣茶叶" "茶叶包装" "茶叶拣梗"]
        aquatic_processing "水产加工" "Fish processing" "6-01-05-01"
            ["剥虾" "杀鱼" "海鲜加工" "水产品加工" "鱼片加工" "开生蚝"]
        egg_processing "蛋品加工" "Egg processing" "6-01-04-04"
            ["腌蛋" "皮蛋制作" "咸蛋" "捡蛋" "选蛋" "蛋类加工" "卤蛋加工"]
        dairy_processing "乳品加工" "Dairy processing" "6-02-04-01" ["牛奶加工" "奶粉厂" "乳制品" "酸奶生产"]
        feed_processing "饲料加工" "Feed processing" "6-01-02-00" ["饲料厂" "饲料生产" "饲料厂工人" "拌饲料"]
        cold_storage "冷库作业" "Cold storage work" "4-02-06-04" ["冷库" "冷库管理" "冷藏" "冷冻库" "冷链分拣" "冷藏工"]
        honey_processing "蜂产品加工" "Honey processing" "5-05-06-06" ["蜂蜜加工" "取蜜" "割蜂蜜" "摇蜜"]
        candy_making "糖果制作" "Confectionery" "6-02-02-01" ["糖果" "酥食制作" "麻糖" "巧克力制作" "做酥糖"]
        food_testing "食品检验" "Food testing" "4-08-05-01" ["食品化验" "农产品检测" "农残检测" "食品检测员" "食品质检"]
    }
}
