//! Fields, orchards, tea gardens, mushroom sheds, stables, ponds, forests.

use super::{BuiltinSkill, skills};

skills! {
    "farming";
    crop_farming "种植" "Crop growing" "5-01-02-01"
        ["种地" "务农" "种田" "农活" "做农活" "种庄稼" "种粮食" "农业种植" "农民" "干农活" "种水稻" "种苞谷" "种玉米"
         "农业" "农艺工" "农业生产" "大田种植" "盘庄稼" "Farming" "Farm work"]
    vegetable_growing "种菜" "Vegetable growing" "5-01-02-02"
        ["蔬菜种植" "大棚蔬菜" "蔬菜基地" "种蔬菜" "大棚种植" "菜农" "种辣椒" "大棚" "蔬菜大棚" "收菜" "砍菜"
         "Vegetable farming"]
    fruit_growing "果树种植" "Fruit growing" "5-01-02-02"
        ["果树修剪" "种果树" "果园" "水果种植" "柑橘种植" "猕猴桃种植" "葡萄种植" "果园管理" "疏果" "果农" "种水果"
         "套袋(水果)" "果树管护" "Orchard work"]
    fruit_picking "摘果" "Fruit picking" "5-01-02-02"
        ["采摘" "水果采摘" "采摘工" "摘水果" "采果" "摘辣椒" "采收" "摘花椒" "蔬菜采摘" "Harvesting"]
    tea_growing "茶叶种植" "Tea growing" "5-01-02-02" ["茶园管理" "种茶" "茶园管护" "茶园" "茶树修剪" "茶农" "茶园除草"]
    tea_picking "采茶" "Tea picking" "5-01-02-02" ["采茶工" "摘茶" "茶叶采摘" "采茶叶" "机采茶" "采茶女" "摘茶叶"]
    mushroom_growing "食用菌种植" "Mushroom growing" "5-01-02-03"
        ["香菇种植" "种蘑菇" "木耳种植" "食用菌" "菌棒制作" "菌菇种植" "种香菇" "食用菌生产" "蘑菇采摘" "采菇" "采蘑菇"
         "菌包" "食用茵" "做菌棒" "接种(菌棒)" "羊肚菌" "黑木耳" "食用菌基地" "Mushroom farming"]
    herb_growing "中药材种植" "Medicinal herb growing" "5-01-02-05"
        ["种药材" "种中药" "黄精种植" "天麻种植" "药材种植" "药材基地" "挖药材" "中药种植" "太子参种植" "种天麻"]
    tobacco_growing "烤烟种植" "Tobacco growing" "5-01-02-01"
        ["烤烟" "种烟" "烟叶采烤" "种烤烟" "烤烟编烟" "烟农" "编烟"]
    tobacco_grading "烟叶分级" "Tobacco grading" "6-03-01-02" ["烟叶挑选" "烟叶分拣" "挑烟叶" "烟叶评级"]
    flower_growing "花卉种植" "Flower growing" "5-01-02-02"
        ["苗木种植" "种花" "花卉" "花苗" "盆栽" "花卉园艺" "园艺" "园艺工" "花棚"]
    seedling_raising "育苗" "Seedling raising" "5-01-01-02"
        ["苗圃" "嫁接" "扦插" "育秧" "苗木嫁接" "种苗繁育" "果树嫁接" "苗圃工"]
    tree_planting "造林" "Tree planting" "5-02-02-00" ["植树" "种树" "植树造林" "退耕还林" "造林工" "荒山造林" "抚育"]
    logging "伐木" "Logging" "5-02-04-01" ["砍树" "砍木" "采伐" "木材采伐" "油锯" "砍木头" "林木采伐" "扛木头"]
    resin_tapping "割松脂" "Resin tapping" - ["采松脂" "割松香" "割漆" "割胶" "割橡胶"]
    crop_protection "植保" "Crop protection" "5-05-02-01"
        ["打农药" "施肥" "喷药" "打药" "病虫害防治" "田间管理" "农作物植保" "打农药施肥"]
    farm_machine_operation "农机操作" "Farm machine operation" "5-05-05-01"
        ["农机" "开拖拉机" "收割机" "旋耕机" "插秧机" "拖拉机驾驶" "犁田" "微耕机" "农机手" "打田" "开收割机" "拖拉机"
         "农机驾驶" "Tractor driving"]
    irrigation "灌溉" "Irrigation" "4-09-04-00" ["浇水" "滴灌安装" "水肥管理" "灌区管理" "浇地"]
    livestock_farming "养殖" "Livestock farming" "5-03-02-01"
        ["饲养员" "养殖工" "畜牧养殖" "饲养" "家畜饲养" "养殖场工人" "养殖员" "养殖场" "喂牲口" "畜牧" "搞养殖"
         "养殖业" "Animal husbandry"]
    pig_farming "养猪" "Pig farming" "5-03-02-01"
        ["生猪养殖" "猪场饲养员" "猪场" "喂猪" "猪场工人" "养母猪" "猪饲养员" "养猪场"]
    cattle_farming "养牛" "Cattle farming" "5-03-02-01" ["肉牛养殖" "放牛" "喂牛" "牛场" "养牛场" "奶牛养殖" "挤奶"]
    sheep_farming "养羊" "Sheep and goat farming" "5-03-02-01" ["放羊" "山羊养殖" "羊场" "喂羊" "养羊场" "黑山羊养殖"]
    poultry_farming "养鸡" "Poultry farming" "5-03-02-02"
        ["家禽养殖" "养鸭" "养鹅" "鸡场" "蛋鸡养殖" "喂鸡" "家禽饲养" "养鸡场" "林下养鸡" "养鸡鸭" "肉鸡养殖"]
    bee_keeping "养蜂" "Beekeeping" "5-03-03-01" ["蜜蜂养殖" "养蜜蜂" "中蜂养殖" "蜂农" "养蜂人"]
    silkworm_raising "养蚕" "Silkworm raising" "5-03-03-01" ["种桑养蚕" "喂蚕" "桑蚕" "采桑叶" "蚕桑"]
    special_breeding "特种养殖" "Special animal breeding" "5-03-03-03"
        ["竹鼠养殖" "养兔" "养蛇" "兔子养殖" "养竹鼠" "大鲵养殖" "养鸽子" "石蛙养殖"]
    fish_farming "水产养殖" "Fish farming" "5-04-02-01"
        ["养鱼" "鱼塘" "稻田养鱼" "喂鱼" "养小龙虾" "鱼塘管理" "养虾" "鱼场" "冷水鱼养殖"]
    fishing "捕鱼" "Fishing" "5-04-03-01" ["打鱼" "捕捞" "水产捕捞" "撒网" "渔民"]
    breeding_technique "动物繁育" "Animal breeding technique" "5-03-01-01"
        ["人工授精" "接生(畜牧)" "配种" "母猪产房" "家畜繁殖" "孵化" "孵鸡苗" "配种员"]
    veterinary "兽医" "Veterinary work" "5-05-02-03"
        ["动物防疫" "防疫(畜牧)" "打防疫针" "动物疫病防治" "村级防疫员" "畜牧兽医" "猪场兽医" "阉猪"
         "Animal health worker"]
    agri_technician "农业技术员" "Agricultural technician" "5-05-01-01"
        ["农技员" "农业技术" "种植技术" "农技推广" "养殖技术" "农业技术指导" "种植技术员" "农技"]
    farm_management "合作社管理" "Farm management" "5-05-01-02"
        ["家庭农场" "农业经理人" "农场管理" "合作社" "种植大户" "农场主" "养殖大户" "基地管理" "农场"]
    biogas "沼气工" "Biogas work" "5-05-03-01" ["沼气" "沼气池" "沼气维护"]
    farm_produce_sorting "农产品分拣" "Farm produce sorting" "5-05-06-01"
        ["水果分拣" "蔬菜分拣" "蔬菜包装" "水果包装" "选果" "洗红薯" "红薯分拣" "水果分级" "蔬菜打包" "剥蒜"]
    wild_gathering "野生采集" "Wild gathering" -
        ["采野菜" "挖笋" "挖竹笋" "采蕨菜" "打板栗" "捡菌子" "摘金银花" "采药" "打核桃"]
    farm_day_labour "农业零工" "Farm day labour" "5-01-02-01"
        ["基地务工" "农业基地务工" "薅草" "基地打工" "农忙帮工" "农业小工" "基地干活" "点工(农业)" "薅苞谷"]
}
