//! Building sites: structure, finishing, roads, lifting.

use super::{BuiltinSkill, skills};

skills! {
    "construction";
    site_labour "小工" "Building labour" -
        ["工地小工" "建筑小工" "工地杂工" "建筑普工" "工地普工" "工地" "工地打工" "建筑工" "建筑工人" "工地干活" "建筑"
         "做工地" "建筑杂工" "Site labourer"]
    rebar_work "钢筋工" "Rebar work" "6-29-01-04"
        ["扎钢筋" "绑钢筋" "钢筋绑扎" "钢筋加工" "钢筋" "绑扎钢筋" "Steel fixing"]
    formwork "模板工" "Formwork" -
        ["支模" "木模" "木模板" "铝模" "木模工" "铝模工" "关模" "模板" "模板木工" "建筑木工" "工地木工" "支模板"
         "摸板工" "装模" "Shuttering"]
    concrete_work "混凝土工" "Concrete work" "6-29-01-03"
        ["砼工" "浇筑" "打混凝土" "混凝土" "浇混凝土" "倒混凝土" "打地坪" "振捣" "混泥土工" "打砼" "Concreting"]
    bricklaying "砌筑" "Bricklaying" "6-29-01-01"
        ["砌砖" "砌墙" "瓦工" "泥瓦工" "泥水工" "泥工" "砌筑工" "砖工" "砌体" "泥水匠" "瓦匠" "砌匠" "二次结构" "彻墙"
         "彻砖" "Masonry" "Bricklayer"]
    stone_masonry "石工" "Stone masonry" "6-29-01-02"
        ["砌石" "石匠" "砌挡墙" "砌堡坎" "安砌" "浆砌石" "路沿石" "砌保坎"]
    plastering "抹灰" "Plastering" "6-29-01-01"
        ["粉墙" "粉刷(抹灰)" "内粉" "外粉" "抹灰工" "粉糊" "粉水" "墙面抹灰" "粉墙工" "抹墙" "沫灰" "Plasterer"]
    tiling "贴砖" "Tiling" "6-29-04-01"
        ["贴瓷砖" "镶贴" "铺砖" "铺地砖" "贴墙砖" "铺地板砖" "瓷砖工" "贴砖工" "铺贴" "镶贴工" "铺瓷砖" "粘瓷砖"
         "Tiler"]
    scaffolding "架子工" "Scaffolding" "6-29-01-05"
        ["搭架" "外架" "搭脚手架" "搭外架" "脚手架" "架工" "搭架子" "架子" "爬架" "钢管架" "排栅" "Scaffolder"]
    building_plumbing_electric "水电工" "Plumbing and wiring" -
        ["水电安装" "水电" "水电改造" "水电维修" "水电预埋" "装水电" "水电师傅" "家装水电" "水电安装工" "预埋"]
    plumbing "管道工" "Plumbing" "6-29-03-04"
        ["管工" "水暖" "水管安装" "水管工" "水暖工" "管道安装" "接水管" "给排水" "Plumber"]
    painting "油漆工" "House painting" "6-29-04-01"
        ["刷漆" "油漆" "涂料工" "刷墙" "乳胶漆" "粉刷" "墙面漆" "外墙漆" "真石漆" "刷涂料" "油工" "粉涮" "涂料"
         "刷油漆" "漆工" "Painter"]
    putty_work "刮腻子" "Putty work" "6-29-04-01"
        ["腻子" "刮灰" "刮泥子" "批灰" "刮瓷" "刮大白" "仿瓷" "腻子工" "扇灰" "批腻子" "刮胶" "双飞粉"]
    waterproofing "防水" "Waterproofing" "6-29-02-08"
        ["防水工" "堵漏" "补漏" "做防水" "卷材防水" "屋面防水" "补漏工" "房屋补漏"]
    decoration "装修" "Interior fitting-out" "6-29-04-01"
        ["装饰装修" "家装" "装潢" "装璜" "装修工" "室内装修" "装修师傅" "搞装修" "房屋装修" "Decorating"]
    ceiling_fitting "吊顶" "Ceiling fitting" "6-29-04-01"
        ["木工吊顶" "集成吊顶" "轻钢龙骨" "吊顶安装" "石膏线" "吊顶工" "装修木工" "石膏板" "Drywall"]
    floor_fitting "铺地板" "Floor laying" "6-29-04-01"
        ["木地板安装" "地板安装" "地坪" "环氧地坪" "自流平" "地坪漆" "安装地板"]
    door_window_fitting "门窗安装" "Door and window fitting" "6-29-04-02"
        ["安装门窗" "铝合金门窗" "幕墙安装" "装门" "断桥铝" "防盗网" "塑钢门窗" "玻璃安装" "安门" "铝合金" "铝合金安装"
         "Window fitting"]
    insulation "保温" "Insulation work" - ["外墙保温" "保温工" "管道保温" "保温层" "风管保温" "外墙保温工"]
    steel_structure "钢结构" "Steel erection" "6-29-03-01"
        ["钢结构安装" "彩钢瓦" "彩钢" "搭彩钢棚" "钢构" "钢结构安装工" "彩钢棚" "钢棚" "彩钢安装"]
    prefabricated_building "装配式施工" "Prefabricated building" "6-29-01-06"
        ["装配式建筑" "灌浆工" "PC吊装" "构件装配"]
    demolition "拆除" "Demolition" -
        ["打墙" "拆墙" "砸墙" "拆房" "打拆" "水钻" "打孔(工地)" "拆除工" "敲墙" "水钻打孔" "拆旧"]
    earthwork "土方" "Earthwork" - ["挖土方" "挖沟" "挖孔桩" "打桩" "人工挖孔桩" "桩工" "挖桩" "基坑" "桩基" "开挖沟槽"]
    road_building "修路" "Road building" "6-29-02-03"
        ["筑路" "铺路" "沥青摊铺" "压路" "路面" "修公路" "筑路工" "道路施工" "铺沥青" "摊铺"]
    tunnelling "隧道工" "Tunnelling" "6-29-02-05"
        ["打隧道" "隧道" "桥隧" "打洞子" "隧道掘进" "隧道施工" "喷浆" "衬砌" "二衬" "Tunneller"]
    rock_drilling "凿岩" "Rock drilling" "6-29-02-06"
        ["风钻" "打风钻" "风钻工" "打炮眼" "潜孔钻" "钻爆" "凿岩工" "风枪"]
    blasting "爆破" "Blasting" "6-29-02-07" ["爆破工" "放炮" "爆破员" "爆破作业"]
    bridge_work "架桥" "Bridge work" "6-29-02-05" ["桥梁工" "桥梁施工" "张拉" "桥梁架设" "预应力"]
    track_work "铁路线路工" "Track work" "6-29-02-02" ["铁路养护" "铺轨" "线路工(铁路)" "铁路工" "铁路线路维修"]
    cable_laying "放电缆" "Cable laying" "6-29-02-11" ["电缆敷设" "拉电缆" "电缆工" "桥架安装" "拉线(电缆)" "敷设电缆"]
    power_line_work "送配电线路工" "Power line work" "6-29-02-12"
        ["架线" "输电线路" "外线电工" "立杆架线" "高压线路" "线路工" "电力线路" "电网施工" "立铁塔" "Lineman"]
    telecom_line_work "通信线路" "Telecom line work" "4-04-02-02"
        ["光缆" "熔纤" "通信施工" "宽带安装" "光纤熔接" "拉网线" "装宽带" "光缆施工" "线务员" "宽带装维"]
    crane_operation "塔吊司机" "Tower crane operation" "6-30-05-01"
        ["塔吊" "塔吊操作" "塔机司机" "开塔吊" "塔吊工" "塔机" "塔式起重机" "Tower crane"]
    mobile_crane "吊车司机" "Mobile crane operation" "6-30-05-01"
        ["汽车吊" "吊车" "开吊车" "吊机" "起重机司机" "随车吊" "Crane operator"]
    bridge_crane "行车工" "Overhead crane operation" "6-30-05-01"
        ["开行车" "天车" "行车操作" "航吊" "桥式起重机" "龙门吊" "天车工" "行吊"]
    signalling "信号司索" "Rigging and signalling" "6-30-05-02"
        ["信号工" "司索" "起重工" "指挥吊装" "司索工" "塔吊指挥" "信号司索工" "吊装" "起重指挥" "Rigger"]
    excavator_operation "挖掘机" "Excavator operation" "6-30-05-05"
        ["挖机" "开挖机" "挖掘机司机" "钩机" "挖土机" "勾机" "挖掘机操作" "挖机师傅" "开挖掘机" "挖机司机" "挖机手"
         "Excavator driver"]
    loader_operation "装载机" "Loader operation" "6-30-05-05"
        ["铲车" "开铲车" "铲车司机" "装载机司机" "开装载机" "铲车工" "Wheel loader"]
    bulldozer_roller "推土机压路机" "Bulldozer and roller operation" "6-30-05-05"
        ["压路机" "推土机" "开压路机" "平地机" "开推土机" "Road roller"]
    mixer_operation "搅拌机操作" "Concrete mixer operation" "6-15-01-06"
        ["搅拌站" "搅拌工" "混凝土搅拌" "拌和站" "开搅拌机" "拌合站" "拌料"]
    pump_truck_operation "泵车操作" "Concrete pump operation" "6-30-05-05"
        ["混凝土泵车" "地泵" "开泵车" "输送泵" "天泵"]
    surveying "测量" "Surveying" "4-08-03-04" ["测量员" "放线" "工程测量" "放样" "测量放线" "全站仪" "Surveyor"]
    site_management "施工员" "Site management" -
        ["工长" "施工管理" "带班" "包工头" "工地管理" "项目经理" "带班(工地)" "施工现场管理" "工程管理" "Foreman"]
    construction_documents "资料员" "Construction documents" -
        ["工程资料" "工程资料员" "预算员" "造价" "造价员" "工程预算" "工程造价"]
    country_building "乡村建设工匠" "Country building" "6-29-01-07"
        ["盖房" "建房" "修房子" "起房子" "农村建房" "修房" "建房子" "农村自建房"]
    ancient_building "古建筑" "Traditional timber building" "6-29-05-00"
        ["木房修建" "古建木工" "起木房" "吊脚楼" "古建" "木房" "掌墨师" "古建瓦工"]
    lift_installation "电梯安装维修" "Lift installation" "6-29-03-03"
        ["电梯安装" "电梯维保" "电梯维修" "扶梯维修" "装电梯" "电梯维修工"]
    elevator_guardrail "栏杆安装" "Railing fitting" - ["护栏安装" "楼梯扶手" "栏杆" "波形护栏" "扶手安装" "护栏"]
    site_watch_cooking "工地做饭" "Site cooking" "4-03-02-01" ["工地煮饭" "工地厨师" "工地食堂"]
}
