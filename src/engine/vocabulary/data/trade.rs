//! Selling, in a shop, on a stall, on the telephone and on the net.

use super::{BuiltinSkill, skills};

skills! {
    "retail";
    shop_sales "营业员" "Shop sales" "4-01-02-03"
        ["导购" "店员" "售货员" "导购员" "卖衣服" "超市营业员" "服装导购" "卖场导购" "门店销售" "商品营业员" "服装店"
         "售货" "服装销售" "店面销售" "柜台" "站柜台" "看店" "Sales assistant" "Shop assistant"]
    cashier "收银" "Cashier" "4-01-02-04"
        ["收银员" "收营员" "收银工" "收银圆" "超市收银" "餐饮收银" "超市收银员" "收款员" "收钱"]
    sales "销售" "Sales" "4-01-02-01"
        ["销售经理" "销售主管" "业务经理" "业务主管" "营销经理" "营销主管" "营销总监" "销售助理" "业务助理" "业务员"
         "推销" "销售员" "业务" "跑业务" "营销" "销售代表" "市场营销" "销售业务" "推销员" "营销员" "市场推广" "地推"
         "Salesperson"]
    telesales "电话销售" "Telesales" "4-01-02-01" ["电销" "话务销售" "网络销售" "电销专员" "邀约" "电话营销"]
    promotion "促销" "Promotion" "4-01-02-01" ["促销员" "发传单" "推广员" "派单" "试吃员" "商品促销"]
    store_management "店长" "Store management" "4-01-02-06"
        ["门店管理" "超市管理" "超市主管" "开超市" "开店" "店铺管理" "开小卖部" "门店店长" "经营小卖部" "Store manager"]
    stall_keeping "摆摊" "Stall keeping" "4-01-02-05"
        ["地摊" "流动摊贩" "摊贩" "赶场卖货" "卖菜" "卖水果" "赶集" "做小生意" "小生意" "夜市摆摊" "做买卖" "摊商"
         "Street vending"]
    supermarket_fresh "生鲜打理" "Fresh food counter" "4-01-02-03"
        ["生鲜" "水果店" "超市生鲜" "果蔬称重" "打秤" "猪肉销售" "卖肉" "称菜员" "肉档"]
    purchasing "采购" "Purchasing" "4-01-01-00"
        ["采购员" "面辅料采购" "采购文员" "物料采购" "采购专员" "买菜采购" "食材采购" "Buyer"]
    farm_produce_trading "农产品购销" "Farm produce trading" "4-01-05-01"
        ["收购农产品" "农产品经纪人" "农产品销售" "收粮食" "收药材" "农产品收购" "农村经纪人"]
    real_estate "房产中介" "Estate agency" "4-06-02-01"
        ["房产销售" "置业顾问" "房地产销售" "卖房" "房产经纪人" "售楼" "房屋中介" "房地产经纪人"]
    insurance_sales "保险销售" "Insurance sales" "4-05-03-01" ["保险" "卖保险" "保险代理" "保险业务员" "保险代理人"]
    car_sales "汽车销售" "Car sales" "4-01-02-01" ["卖车" "汽车销售顾问" "二手车销售" "汽贸"]
    phone_sales "手机销售" "Phone sales" "4-04-01-01"
        ["卖手机" "手机店" "营业厅" "通信营业员" "手机店店员" "移动营业厅"]
    lottery_sales "彩票销售" "Lottery sales" - ["卖彩票" "彩票店" "福彩"]
    loss_prevention "防损员" "Loss prevention" "4-07-06-02" ["防损" "超市防损" "商场防损" "商品防损"]
    flower_arranging "插花" "Flower arranging" "4-09-10-05" ["花艺" "花店" "花艺师" "鲜花包装" "插花师" "Florist"]
}

/// Selling and showing on the net.
pub(super) mod ecommerce {
    use super::super::{BuiltinSkill, skills};

    skills! {
        "ecommerce";
        ecommerce_operation "电商运营" "Online shop operation" "4-01-06-01"
            ["天猫" "电商" "淘宝运营" "网店运营" "电子商务" "开网店" "抖店运营" "拼多多运营" "网店" "电商专员" "淘宝"
             "天猫运营" "农村电商" "网上开店" "E-commerce"]
        ecommerce_service "电商客服" "Online customer service" "4-07-02-03"
            ["淘宝客服" "网店客服" "线上客服" "网络客服" "售前客服" "售后客服" "天猫客服" "拼多多客服" "在线客服"
             "Chat support"]
        customer_service "客服" "Customer service" "4-07-02-03"
            ["客服专员" "客户服务" "客服代表" "前台客服" "客服文员" "Customer support"]
        call_centre "话务员" "Call centre work" "4-04-05-03"
            ["接线员" "呼叫中心" "电话客服" "热线客服" "话务" "语音客服" "呼叫中心服务员" "Call center agent"]
        live_streaming "直播带货" "Live-stream selling" "4-01-06-02"
            ["主播" "带货主播" "直播" "电商主播" "网络主播" "直播销售员" "直播销售" "抖音直播" "做直播" "抖音主播"
             "互联网营销师" "Live streamer"]
        stream_assistance "直播助理" "Stream assistance" "4-01-06-02"
            ["中控" "场控" "直播场控" "主播助理" "直播中控" "直播运营"]
        short_video "短视频制作" "Short video making" "4-13-01-05"
            ["剪辑" "视频剪辑" "短视频" "拍抖音" "剪映" "拍短视频" "短视频剪辑" "抖音剪辑" "后期制作" "短视频拍摄"
             "视频制作" "Video editing"]
        media_operation "新媒体运营" "New media operation" "4-13-01-05"
            ["自媒体" "公众号运营" "新媒体" "抖音运营" "全媒体运营" "文案" "社群运营" "小红书运营" "文案策划"]
        ecommerce_packing "电商打包" "Online order packing" "6-31-05-00"
            ["打单" "打包发货" "发货员" "打单员" "仓库打包" "电商仓打包" "电商发货" "打单发货" "发货"]
        product_photography "商品摄影" "Product photography" "4-08-09-01"
            ["摄影" "拍照" "摄影师" "商业摄影" "婚纱摄影" "修图" "摄像" "产品拍摄" "Photography"]
        graphic_design "平面设计" "Graphic design" "4-08-08-08"
            ["天猫美工" "美工" "淘宝美工" "PS" "广告设计" "Photoshop" "电商美工" "图文设计" "PS设计" "平面设计师"
             "海报设计" "网页设计" "排版设计" "Graphic designer"]
        design_general "设计师" "Design, unspecified" - ["设计" "设计助理" "设计员" "产品设计" "Designer"]
        interior_design "室内设计" "Interior design" "4-08-08-07"
            ["装修设计" "效果图" "CAD制图" "家装设计" "CAD绘图" "室内设计师" "3D效果图" "CAD"]
        advertising_production "广告制作安装" "Sign making" "4-07-07-02"
            ["广告制作" "广告安装" "写真喷绘" "门头安装" "喷绘" "发光字制作" "广告牌安装" "招牌制作"]
        modelling "模特" "Modelling" "4-07-07-03" ["礼仪" "试衣模特" "礼仪小姐" "服装模特" "平面模特"]
        wedding_service "婚庆" "Wedding service" "4-10-05-02"
            ["主持" "婚礼策划" "司仪" "婚庆布置" "婚礼主持" "婚庆主持" "主持人"]
    }
}
