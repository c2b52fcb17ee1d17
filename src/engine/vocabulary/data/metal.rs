//! Welding, machining, surface treatment, electrical trades and the repair of machines and vehicles.

use super::{BuiltinSkill, skills};

skills! {
    "metal_electric";
    welding "电焊" "Welding" "6-18-02-04"
        ["焊工" "电焊工" "焊接" "焊接工" "手工焊" "烧焊" "烧电焊" "电焊师傅" "电悍" "电捍" "焊条电弧焊" "电弧焊"
         "Welder"]
    gas_shielded_welding "二保焊" "Gas-shielded welding" "6-18-02-04"
        ["二氧化碳保护焊" "CO2焊" "气保焊" "二氧焊" "气体保护焊" "二保" "二保焊工" "MIG welding"]
    argon_welding "氩弧焊" "Argon arc welding" "6-18-02-04"
        ["氩弧" "氩弧焊工" "亚弧焊" "不锈钢焊接" "氩焊" "不锈钢焊工" "TIG welding"]
    gas_welding "气焊" "Gas welding" "6-18-02-04" ["气割" "气焊工" "氧割" "割枪" "气割工" "切割(气割)" "铜焊"]
    spot_welding "点焊" "Spot welding" "6-18-02-04" ["碰焊" "点焊工" "碰焊工" "激光焊" "激光焊接" "点焊机" "机器人焊接"]
    electrician "电工" "Electrician's work" "6-31-01-03"
        ["低压电工" "维修电工" "强电" "厂电工" "电气维修" "工厂电工" "弱电电工" "电路维修" "高压电工" "电工师傅"
         "电工维修" "Electrician"]
    electrical_installation "电气安装" "Electrical installation" "6-29-03-02"
        ["配电柜安装" "电气设备安装" "布线" "强电安装" "电气布线" "装灯" "灯具安装" "照明安装"]
    electrical_cabinet_wiring "配电柜接线" "Cabinet wiring" "6-24-02-02"
        ["电柜接线" "电气装配" "控制柜接线" "配电箱装配" "成套电气" "接线工" "电箱接线"]
    low_voltage_systems "弱电" "Low-voltage systems" "4-07-05-04"
        ["监控安装" "弱电安装" "装监控" "安防安装" "安装监控" "综合布线" "弱电工" "门禁安装"]
    solar_installation "光伏安装" "Solar panel installation" "5-05-03-03"
        ["光伏" "太阳能安装" "装光伏" "光伏施工" "光伏发电安装" "装太阳能" "太阳能热水器安装"]
    lathe_turning "车床" "Lathe turning" "6-18-01-01"
        ["车床工" "普车" "车工(机械)" "车工(机加工)" "普通车床" "开车床" "机械车工" "车工(车床)" "车床操作"
         "Lathe operator" "Turner"]
    milling "铣工" "Milling" "6-18-01-02" ["铣床" "铣床工" "普铣" "炮塔铣" "开铣床" "Milling machine"]
    grinding_machine "磨床" "Machine grinding" "6-18-01-04" ["磨工" "磨床工" "平面磨" "外圆磨" "无心磨" "开磨床"]
    drilling_machine "钻床" "Drilling machine work" "6-18-01-06"
        ["钻工" "钻孔工" "攻牙" "攻丝" "台钻" "钻床工" "钻孔" "摇臂钻" "打孔攻牙"]
    planing_boring "刨床镗床" "Planing and boring" "6-18-01-05" ["镗工" "刨床" "镗床" "刨工" "插床"]
    cnc_operation "数控操作" "CNC operation" "6-18-01-07"
        ["CNC" "数控" "CNC操机" "加工中心" "数控机床" "CNC操作员" "数控铣" "加工中心操作工" "数控操机" "CNC machinist"
         "CNC加工"]
    cnc_lathe "数控车床" "CNC turning" "6-18-01-07" ["数车" "数控车" "数控车工" "数控车床操作" "走心机" "CNC lathe"]
    cnc_programming "数控编程" "CNC programming" "6-18-01-07" ["CNC编程" "UG编程" "数控编程员" "编程(数控)"]
    wire_cutting "线切割" "Wire cutting" "6-18-01-08" ["电火花" "线割" "火花机" "慢走丝" "快走丝" "EDM" "打火花"]
    stamping "冲压" "Stamping" "6-18-01-12"
        ["冲床" "冲床工" "冲压工" "冲压操作" "踩冲床" "开冲床" "油压机" "五金冲压" "压力机" "Press work"]
    sheet_metal "钣金" "Sheet metal work" "6-18-01-11"
        ["切割" "切割工" "板金" "折弯" "剪板" "折弯工" "钣金工" "激光切割" "折床" "剪板机" "数冲" "白铁" "激光切割机"
         "Metal sheet worker"]
    boiler_making "铆工" "Plate fitting" "6-18-01-11" ["冷作" "铆焊" "冷作工" "铆焊工" "压力容器制作" "放样(铆工)"]
    fitting "钳工" "Bench fitting" "6-20-01-01"
        ["装配钳工" "机械装配" "钳工装配" "设备装配" "机械组装" "模具钳工" "机械设备装配" "Fitter"]
    machine_repair "机修" "Machine repair" "6-31-01-02"
        ["机修工" "机修钳工" "设备维修" "机械维修" "机械修理" "修机器" "修理工(机械)" "设备保养" "机电维修"
         "设备维修工" "Millwright"]
    sewing_machine_repair "缝纫机维修" "Sewing machine repair" "6-31-01-10"
        ["衣车维修" "机修(服装)" "服装机修" "修缝纫机" "制衣机修" "缝制设备维修" "衣车机修" "修衣车"]
    mechatronics "机电一体化" "Mechatronics" "6-31-01-10"
        ["机电" "PLC" "自动化" "机电工" "自动化设备" "PLC编程" "机器人操作" "工业机器人" "Automation technician"]
    mould_making "模具" "Mould making" "6-18-04-01"
        ["模具工" "省模" "模具维修" "飞模" "抛光(模具)" "模具装配" "Tool and die making"]
    casting "铸造" "Casting" "6-18-02-01" ["翻砂" "铸工" "压铸" "铸造工" "浇铸" "压铸工" "熔炼" "铸件" "Foundry work"]
    forging "锻造" "Forging" "6-18-02-02" ["打铁" "锻工" "铁匠" "锻造工" "打刀" "红打"]
    heat_treatment "热处理" "Heat treatment" "6-18-02-03" ["热处理工" "淬火" "高频淬火" "退火"]
    polishing "打磨抛光" "Grinding and polishing" -
        ["抛光" "打磨" "打磨工" "抛光工" "五金打磨" "磨光" "打砂" "五金抛光" "手工打磨" "砂轮打磨" "Metal polishing"]
    electroplating "电镀" "Electroplating" "6-18-03-01" ["镀锌" "电镀工" "阳极氧化" "电镀厂" "氧化(铝)" "镀铬"]
    spray_painting "喷漆" "Spray painting" "6-18-03-03"
        ["喷涂" "喷油" "喷漆工" "喷油工" "汽车喷漆" "五金喷漆" "烤漆" "喷漆师傅" "涂装" "喷涂工" "调漆喷漆"
         "Paint spraying"]
    powder_coating "喷塑" "Powder coating" "6-18-03-03" ["喷粉" "静电喷涂" "喷粉工" "粉末喷涂" "喷塑工"]
    metal_rolling "炼钢轧钢" "Steelmaking and rolling" "6-17-09-02"
        ["轧钢" "炼钢" "钢厂" "炉前工" "铁合金" "冶炼" "电解铝" "电解锰" "硅铁" "冶炼工"]
    hardware_assembly "五金装配" "Hardware assembly" "6-19-01-05"
        ["五金" "五金厂" "锁具组装" "五金加工" "日用五金" "五金组装" "五金厂普工" "锁具装配"]
    auto_repair "汽修" "Vehicle repair" "4-12-01-01"
        ["汽车维修" "修车" "汽车修理" "汽车机电" "汽修工" "修理汽车" "汽车保养" "汽修学徒" "补胎" "汽车机修" "修汽车"
         "Car mechanic"]
    auto_body_repair "汽车钣金" "Vehicle body repair" "4-12-01-01" ["汽车钣喷" "汽车板金" "钣喷"]
    auto_detailing "汽车美容" "Car detailing" -
        ["汽车贴膜" "汽车装饰" "贴膜" "贴车膜" "汽车美容师" "汽车打蜡" "Car beauty"]
    motorcycle_repair "摩托车维修" "Motorcycle repair" "4-12-01-02" ["修摩托车" "修摩托" "摩托修理" "摩修" "摩托车修理"]
    ebike_repair "电动车维修" "Electric bike repair" "4-12-04-01"
        ["修电动车" "自行车维修" "电瓶车维修" "修单车" "电动车修理" "修电瓶车"]
    appliance_repair "家电维修" "Appliance repair" "4-12-03-01"
        ["修家电" "电器维修" "冰箱维修" "家用电器维修" "修电器" "洗衣机维修" "电视维修" "家电修理"]
    aircon_installation "空调安装" "Air conditioner installation" "6-29-03-05"
        ["空调维修" "制冷维修" "装空调" "制冷工" "空调安装维修" "制冷设备维修" "空调移机" "安装空调" "制冷" "空调师傅"]
    phone_repair "手机维修" "Phone repair" "4-12-02-03" ["修手机" "手机维修工程师" "换屏" "手机修理"]
    computer_repair "电脑维修" "Computer repair" "4-12-02-01"
        ["修电脑" "计算机维修" "网络维护" "网管" "电脑组装" "装系统" "计算机维护" "IT运维" "Computer technician"]
    machinery_repair "工程机械维修" "Construction machine repair" "6-31-01-09" ["挖机维修" "工程机械修理" "修挖机"]
    farm_machine_repair "农机修理" "Farm machine repair" "5-05-05-02" ["农机维修" "修农机" "修拖拉机"]
    lock_repair "开锁修锁" "Locksmithing" "4-12-04-04" ["开锁" "修锁" "换锁" "配钥匙" "锁匠"]
    shoe_repair "修鞋" "Shoe repair" "4-12-04-02" ["补鞋" "擦鞋" "修鞋匠" "皮鞋护理" "修伞"]
    auto_assembly "汽车装配" "Vehicle assembly" "6-22-02-01"
        ["汽车装调" "整车装配" "汽车厂" "总装" "汽车零部件装配" "汽车生产线" "汽车配件厂" "汽车总装" "汽车装配工"
         "Car assembly"]
    ebike_assembly "电动车组装" "Electric bike assembly" "6-23-04-02"
        ["自行车组装" "电动车装配" "摩托车组装" "组装电动车"]
    ship_building "造船" "Shipbuilding" "6-23-02-01" ["船厂" "船舶焊接" "船舶修理" "船体装配" "船厂打磨" "船厂小工"]
}
