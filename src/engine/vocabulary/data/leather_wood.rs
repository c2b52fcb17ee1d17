//! Shoes, bags, toys; wood, bamboo and furniture.

use super::{BuiltinSkill, skills};

skills! {
    "shoes_bags_toys";
    shoe_making "制鞋" "Shoe making" "6-05-04-01"
        ["鞋厂" "做鞋" "鞋子加工" "制鞋工" "鞋厂普工" "布鞋制作" "手工布鞋" "Footwear making"]
    shoe_upper_sewing "鞋面车缝" "Shoe upper sewing" "6-05-04-01"
        ["鞋面针车" "针车" "针车工" "高头车" "罗拉车" "鞋帮" "帮面" "车鞋面" "高车" "Upper stitching"]
    shoe_lasting "成型(制鞋)" "Shoe lasting" "6-05-04-01"
        ["夹包" "绷帮" "鞋子成型" "成型课" "鞋底成型" "前帮机" "拉帮" "制鞋成型" "Lasting"]
    shoe_gluing "刷胶" "Shoe gluing" "6-05-04-01" ["鞋底刷胶" "贴底" "鞋子刷胶" "刷胶工" "上胶水" "Sole gluing"]
    die_cutting "冲裁" "Die cutting" "6-05-02-01"
        ["下料(鞋)" "裁断" "冲床裁断" "裁断工" "裁断机" "下裁" "皮料裁断" "Clicking"]
    insole_slipper "拖鞋鞋垫制作" "Slipper and insole making" "6-05-04-01"
        ["鞋垫缝制" "做鞋垫" "鞋垫" "拖鞋加工" "手工鞋垫" "绣鞋垫"]
    bag_sewing "箱包缝制" "Bag sewing" "6-05-02-01"
        ["箱包车工" "箱包" "手袋" "手袋车工" "皮具车工" "车包" "背包缝制" "手袋厂" "箱包加工" "箱包工" "书包加工"
         "Handbag sewing"]
    leather_work "皮具加工" "Leather goods work" "6-05-02-01"
        ["皮具" "皮带加工" "皮革加工" "铲皮" "油边" "皮具台面" "箱包台面" "台面工" "皮具手工" "Leather craft"]
    luggage_assembly "拉杆箱组装" "Luggage assembly" - ["箱包组装" "行李箱组装" "拉杆箱" "装轮子"]
    toy_assembly "玩具组装" "Toy assembly" "6-09-05-00"
        ["玩具" "玩具厂" "玩具装配" "玩具加工" "玩具工" "塑胶玩具" "玩具厂普工" "Toy making"]
    plush_toys "毛绒玩具" "Plush toy making" "6-09-05-00"
        ["毛绒玩具缝制" "玩具车缝" "毛绒公仔" "充棉(玩具)" "布娃娃制作" "公仔缝制" "Soft toys"]
    toy_painting "玩具喷油" "Toy painting" "6-09-05-00" ["喷油(玩具)" "玩具移印" "玩具上色" "公仔上色"]
    sports_goods "体育用品制作" "Sports goods making" "6-09-04-01"
        ["缝球" "篮球制作" "足球缝制" "球类制作" "羽毛球制作" "渔具加工"]
    umbrella_making "雨伞制作" "Umbrella making" - ["雨伞" "做雨伞" "穿伞" "伞厂" "雨伞组装"]
    lighter_stationery "文具组装" "Stationery assembly" "6-09-01-02"
        ["圆珠笔组装" "笔组装" "打火机组装" "文具厂" "装笔"]
    wig_making "假发制作" "Wig making" - ["假发" "勾发" "钩发" "手织假发" "假发厂" "假睫毛制作" "假睫毛" "Wig knotting"]
}

/// Wood and furniture have their own category; the macro makes one table a module.
pub(super) mod wood {
    use super::super::{BuiltinSkill, skills};

    skills! {
        "wood_furniture";
        carpentry "木工" "Carpentry" "6-06-03-01" ["木匠" "手工木工" "木工师傅" "做木工" "木工活" "Carpenter"]
        machine_woodwork "机械木工" "Machine woodworking" "6-06-03-02"
            ["木工机械" "推台锯" "四面刨" "开料" "开料工" "木工开料" "电子锯" "开料锯" "Woodworking machinist"]
        edge_banding "封边" "Edge banding" "6-06-03-02" ["板材封边" "封边机" "封边工" "排钻" "打孔(板材)"]
        furniture_making "家具制作" "Furniture making" "6-06-04-00"
            ["家具厂" "家具木工" "做家具" "板式家具" "实木家具" "家具厂普工" "Furniture worker"]
        furniture_assembly "家具安装" "Furniture assembly" "6-06-04-00"
            ["家具组装" "橱柜安装" "衣柜安装" "安装家具" "定制家具安装" "全屋定制安装" "Furniture fitting"]
        upholstery "沙发制作" "Upholstery" "6-06-04-00"
            ["扪工" "扪皮" "软包" "沙发车缝" "沙发扪工" "床垫制作" "做沙发" "沙发厂" "蒙皮(沙发)" "Sofa making"]
        wood_sanding "木器打磨" "Wood sanding" - ["家具打磨" "砂光" "木工打磨" "磨灰(家具)" "底漆打磨" "砂光机"]
        wood_finishing "家具油漆" "Wood finishing" "6-18-03-03"
            ["木器喷漆" "家具喷漆" "木器油漆" "擦色" "木工油漆" "家具修色"]
        plywood_making "胶合板生产" "Plywood making" "6-06-02-01"
            ["板材厂" "旋切" "胶合板" "热压机" "拼板" "排板" "铺板" "单板" "贴面" "三合板" "木板厂"]
        sawmilling "锯木" "Sawmilling" "6-06-01-01"
            ["制材" "木材加工" "拉大锯" "带锯" "木材加工厂" "锯木厂" "Sawmill work"]
        bamboo_products "竹制品加工" "Bamboo products" "6-06-01-02"
            ["竹木加工" "竹筷生产" "筷子厂" "竹制品" "牙签加工" "竹片加工" "一次性筷子" "竹凉席"]
        door_making "门窗制作" "Door and window making" "6-06-03-02"
            ["木门制作" "做门" "木门厂" "铝合金门窗制作" "门窗加工" "铝合金制作"]
        wood_turning "木料车旋" "Wood turning" "6-06-03-02" ["木车床" "木珠加工" "车木珠" "木制工艺品"]
    }
}
