//! Security, property management and the posts of a community.

use super::{BuiltinSkill, skills};

skills! {
    "security_property";
    guarding "保安" "Guarding" "4-07-05-01"
        ["保安员" "门卫" "看大门" "守门" "值班(保安)" "校园保安" "护卫" "小区保安" "保安门卫" "看门" "守夜" "巡逻"
         "巡逻员" "值守" "安保" "门岗" "工地看守" "看厂" "Security guard"]
    security_captain "保安队长" "Security supervision" "3-02-02-01" ["保安班长" "保卫管理" "安保主管" "保安主管"]
    escort "押运" "Escort" "4-07-05-01" ["押运员" "武装押运" "押钞" "随车押运"]
    security_screening "安检" "Security screening" "4-07-05-02"
        ["安检员" "地铁安检" "车站安检" "机场安检" "Security check"]
    fire_control_room "消防监控" "Fire control room" "4-07-05-03"
        ["消控" "消防设施操作员" "消控室" "消控员" "消防值班" "建构筑物消防员" "消防中控"]
    fire_fighting "消防员" "Fire fighting" "3-02-03-01"
        ["消防" "专职消防员" "救火" "森林扑火" "半专业扑火队" "应急救援" "Firefighter"]
    cctv_monitoring "监控值班" "CCTV monitoring" "4-07-05-01" ["监控员" "监控室" "看监控" "视频监控" "监控中心值班"]
    auxiliary_police "辅警" "Auxiliary police" "3-02-02-02"
        ["协警" "协管员" "城管协管" "交通协管" "交通劝导" "城管" "治安员" "劝导员"]
    parking_attendance "停车管理" "Parking attendance" "4-06-01-03"
        ["停车场管理" "停车收费" "收停车费" "车场管理员" "停车场收费员" "看车" "停车管理员"]
    toll_collection "收费员" "Toll collection" "4-02-02-06" ["高速收费" "高速收费员" "收费站" "路桥收费" "卡口收费"]
    property_management "物业管理" "Property management" "4-06-01-01"
        ["物业" "物业客服" "物业管家" "楼管" "物业服务" "小区管理" "物业管理员" "宿管" "宿舍管理员" "楼栋管理"
         "Property manager"]
    property_repair "物业维修" "Property repair" "6-31-01-10"
        ["物业水电" "维修工" "综合维修" "万能工" "楼宇维修" "工程维修" "维修" "日常维修" "Maintenance worker"]
    lift_operation "电梯工" "Lift attendance" -
        ["电梯管理员" "开电梯" "电梯安全管理" "施工电梯操作" "升降机操作" "施工升降机" "人货梯"]
    landscaping "园林绿化" "Landscaping" "4-09-10-01"
        ["绿化" "绿化工" "绿化养护" "园林" "园林工" "种树种草" "草坪修剪" "修剪花木" "绿化管护" "花木养护" "割草"
         "除草" "Gardener"]
    community_work "社区工作" "Community work" "3-01-04-01"
        ["社区工作者" "社区干部" "村干部" "网格员" "楼栋长" "社区网格员" "社工" "社会工作" "村务" "Social worker"]
    public_welfare_post "公益性岗位" "Public welfare post" - ["公益岗" "公益岗位" "乡村公益岗" "公益性岗位人员" "公岗"]
    road_maintenance "公路养护" "Road maintenance" "6-29-02-04"
        ["养路" "护路员" "道路养护" "养路工" "公路养护工" "乡村公路管护" "护路"]
    water_supply_keeping "管水员" "Village water keeping" "4-11-03-02"
        ["村级水管员" "水管员" "饮水管护" "抽水" "泵房" "村镇供水"]
    forest_ranging "护林" "Forest ranging" "5-02-03-01" ["护林员" "看山" "生态护林员" "巡山" "森林管护" "公益护林"]
    scenic_service "景区服务" "Scenic area service" "4-07-04-05"
        ["景区检票" "景区服务员" "检票员" "漂流救生" "景区工作人员" "游乐设施操作" "观光车服务"]
    guide "导游" "Tour guiding" "4-07-04-01" ["讲解员" "景区讲解" "导游员" "导游讲解" "讲解" "Tour guide"]
    life_saving "救生员" "Life saving" "4-14-05-03" ["游泳救生" "水上救生" "泳池救生" "Lifeguard"]
}
