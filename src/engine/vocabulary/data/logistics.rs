//! Driving, delivery, loading and warehouses.

use super::{BuiltinSkill, skills};

skills! {
    "logistics";
    driving "驾驶" "Driving" -
        ["司机" "开车" "驾驶员" "驾照" "C1驾照" "C1驾驶证" "C1" "会开车" "小车司机" "小货车司机" "驾驶证" "驾驶技术"
         "汽车驾驶" "公司司机" "C照" "Driver"]
    truck_driving "货车司机" "Truck driving" "4-02-02-02"
        ["大货车司机" "开货车" "货车驾驶" "开大车" "大车司机" "B2驾照" "B2司机" "货运司机" "B2" "B照司机"
         "厢式货车司机" "跑货车" "跑运输" "Lorry driver"]
    trailer_driving "半挂司机" "Trailer driving" "4-02-02-02"
        ["拖挂车司机" "A2驾照" "A2司机" "A2" "挂车司机" "集装箱司机" "牵引车司机" "拖头司机" "开挂车" "开半挂"]
    dump_truck_driving "渣土车司机" "Dump truck driving" "6-30-01-00"
        ["后八轮" "自卸车司机" "泥头车司机" "开渣土车" "拉土方" "工程车司机" "后八轮司机" "前四后八"]
    mixer_truck_driving "搅拌车司机" "Mixer truck driving" "6-30-01-00"
        ["混凝土罐车司机" "罐车司机" "开罐车" "水泥罐车司机" "商砼司机"]
    special_vehicle_driving "专用车驾驶" "Special vehicle driving" "6-30-01-00"
        ["洒水车司机" "垃圾车司机" "扫路车司机" "环卫车司机" "吸污车司机" "开洒水车"]
    bus_driving "客车司机" "Bus driving" "4-02-02-01"
        ["公交司机" "大巴司机" "开公交" "A1驾照" "校车司机" "公交车司机" "客运司机" "A1" "A1司机" "中巴司机" "开客车"
         "Bus driver"]
    taxi_driving "网约车司机" "Taxi driving" "4-02-02-01"
        ["出租车司机" "跑滴滴" "滴滴司机" "开出租" "开网约车" "跑网约车" "的士司机" "Ride-hailing driver"]
    designated_driving "代驾" "Designated driving" "4-10-08-02" ["代驾司机" "汽车代驾"]
    tricycle_hauling "三轮车运输" "Tricycle hauling" -
        ["开三轮车" "三轮车" "三轮车司机" "电动三轮" "拉货(三轮)" "三轮摩托"]
    forklift_operation "叉车" "Forklift operation" "6-30-05-01"
        ["开叉车" "叉车司机" "叉车工" "叉车操作" "叉车证" "叉车驾驶" "插车" "N1叉车" "叉车师傅" "Forklift driver"]
    loading "装卸" "Loading and unloading" "4-02-05-01"
        ["搬运" "搬运工" "装卸工" "装车" "卸货" "搬货" "装卸搬运" "卸车" "装缷" "扛包" "装货" "上下货" "下货"
         "搬运装卸" "装卸货" "码货" "Loader" "Porter"]
    house_moving "搬家" "House moving" "4-02-05-01" ["搬家工" "搬家公司" "搬家搬运" "搬家师傅" "Removals"]
    courier "快递员" "Parcel delivery" "4-02-07-08"
        ["快递" "送快递" "派件" "快递派送" "收派员" "派件员" "快递配送" "送件" "Courier"]
    parcel_handling "快件处理" "Parcel handling" "4-02-07-09"
        ["快递分拣" "扫描员(快递)" "快递打包" "快件分拣" "快递分拣员" "快递装卸" "快递扫描"]
    parcel_station "快递驿站" "Parcel station keeping" "4-02-07-11"
        ["驿站" "菜鸟驿站" "快递站点" "驿站管理" "快递代收点" "快递驿站店员"]
    food_delivery "外卖配送" "Food delivery" "4-10-08-01"
        ["外卖" "送外卖" "骑手" "外卖员" "外卖骑手" "跑外卖" "外卖小哥" "网约配送员" "美团骑手" "跑腿" "同城配送"
         "Delivery rider"]
    goods_delivery "送货" "Goods delivery" "4-02-02-02"
        ["配送员" "送货员" "送货司机" "配送" "配送司机" "送水工" "送水" "送气工" "送煤气" "送牛奶" "配送工"
         "Delivery driver"]
    warehouse_keeping "仓库管理" "Warehouse keeping" "4-02-06-01"
        ["仓管" "仓管员" "仓库管理员" "库管" "仓储管理" "库管员" "仓库" "保管员" "管仓库" "仓库文员" "仓储" "仓管文员"
         "Warehouse keeper" "Storekeeper"]
    order_picking "拣货" "Order picking" "4-02-06-02"
        ["配货" "仓库分拣" "拣货员" "配货员" "捡货" "仓库拣货" "仓库理货" "电商拣货" "Order picker"]
    tallying "理货" "Tallying" "4-02-06-02"
        ["理货员" "仓库盘点" "盘点" "点货" "超市理货" "超市理货员" "上架" "补货" "Shelf stocking"]
    logistics_coordination "物流专员" "Logistics coordination" "4-02-06-03"
        ["物流" "调度员" "物流文员" "车辆调度" "物流管理" "货运调度" "物流客服" "调度"]
    freight_forwarding "货运代理" "Freight forwarding" "4-02-05-03" ["货代" "单证员" "报关" "报关员" "外贸单证"]
    ticket_service "售票员" "Ticket service" "4-02-05-02"
        ["售票" "乘务员" "跟车员" "客车乘务" "公交乘务" "卖票" "校车照管员" "随车照管"]
    railway_service "铁路客运" "Railway passenger service" "4-02-01-03"
        ["高铁乘务" "列车员" "动车乘务" "车站客运员" "高铁保洁" "列车乘务"]
    seafaring "船员" "Seafaring" "5-04-03-02" ["水手" "渔船" "出海打鱼" "渔业船员" "海员" "跑船" "Sailor"]
    drone_operation "无人机" "Drone operation" "4-02-04-06"
        ["无人机驾驶" "飞手" "无人机飞手" "无人机植保" "植保无人机" "开无人机" "无人机操控" "Drone pilot"]
    driving_instruction "驾校教练" "Driving instruction" "4-02-02-07"
        ["教练员" "驾驶教练" "学车教练" "驾校" "Driving instructor"]
    gas_station "加油员" "Fuel station service" "4-02-02-08"
        ["加油" "加油站" "加油工" "加气站" "加油站员工" "充电站管理"]
}
