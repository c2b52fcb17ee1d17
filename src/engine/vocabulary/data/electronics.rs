//! Electronics: boards, coils, cables and the lines that assemble and test them.

use super::{BuiltinSkill, skills};

skills! {
    "electronics";
    electronic_assembly "电子组装" "Electronics assembly" "6-25-04-07"
        ["电子装配" "电子产品组装" "电子厂组装" "电子装接" "电子厂" "电子厂普工" "电子厂工人" "电子作业员" "电子流水线"
         "电子普工" "Electronic assembler"]
    component_insertion "插件" "Component insertion" "6-25-04-07"
        ["插件工" "手插件" "插机" "DIP" "DIP插件" "插元件" "后焊插件" "AI插件" "Through-hole insertion"]
    soldering "焊锡" "Soldering" "6-25-04-07"
        ["锡焊" "电烙铁" "烙铁焊接" "后焊" "手工焊锡" "焊线(电子)" "点焊锡" "焊接(电子)" "电子焊接" "焊锡工"
         "Hand soldering"]
    wave_soldering "波峰焊" "Wave soldering" "6-25-04-07"
        ["波峰焊操作" "过波峰" "炉前" "炉后" "回流焊" "Reflow soldering"]
    smt "SMT" "Surface mounting" "6-25-04-07"
        ["贴片" "SMT操作员" "贴片机" "SMT贴片" "SMT技术员" "SMT操作" "SMD" "印刷机(SMT)" "Surface mount technology"]
    board_repair "电子维修" "Board repair" "6-25-04-08"
        ["PCBA维修" "主板维修" "线路板维修" "板卡维修" "Electronics repair"]
    electronic_testing "电子测试" "Electronics testing" "6-25-04-08"
        ["测试" "测试员" "功能测试" "ICT测试" "FCT测试" "老化测试" "成品测试" "耐压测试" "调试" "电子调试"
         "Product testing"]
    visual_inspection "目检" "Visual inspection" "4-08-05-07"
        ["外观检查" "目检员" "看外观" "外观检验" "AOI" "AOI操作" "电子质检" "电子检验" "显微镜检查" "看显微镜"]
    coil_winding "绕线" "Coil winding" "6-25-01-10"
        ["线圈绕制" "绕线圈" "绕线机" "绕线工" "电感绕线" "变压器绕线" "磁环绕线" "穿磁环" "绕磁环" "Winding"]
    transformer_making "变压器制作" "Transformer making" "6-24-02-01"
        ["包胶带(变压器)" "变压器装配" "变压器组装" "浸漆" "含浸"]
    wire_harness "线束" "Wire harness assembly" "6-24-03-05"
        ["线束加工" "线束组装" "排线" "扎线" "汽车线束" "布线(线束)" "端子线加工" "Cable harness"]
    terminal_crimping "打端子" "Terminal crimping" "6-24-03-05"
        ["压端子" "端子机" "打端子机" "铆端子" "打端" "Crimping"]
    wire_stripping "剥线" "Wire cutting and stripping" "6-24-03-05"
        ["裁线" "剥皮(电线)" "裁线机" "沾锡" "浸锡" "裁线剥皮"]
    data_cable_making "数据线组装" "Data cable assembly" "6-24-03-05"
        ["数据线" "数据线加工" "充电线" "充电器组装" "电源线加工" "耳机线"]
    earphone_assembly "耳机组装" "Earphone assembly" "6-25-01-07"
        ["耳机" "喇叭组装" "音响组装" "扬声器" "电声装配" "蓝牙耳机组装"]
    led_assembly "灯具组装" "Lamp assembly" "6-24-07-02"
        ["LED灯组装" "灯饰组装" "灯串" "灯珠封装" "LED封装" "灯条焊接" "灯具装配" "LED assembly"]
    phone_assembly "手机组装" "Phone assembly" "6-25-04-02"
        ["手机装配" "手机厂" "手机壳组装" "平板组装" "手机普工" "整机组装" "Mobile phone assembly"]
    screen_lamination "贴膜(屏幕)" "Screen lamination" "6-25-02-03"
        ["屏幕贴合" "贴保护膜" "液晶模组" "背光组装" "贴合(屏)" "贴偏光片" "LCD module"]
    pcb_making "线路板制造" "Printed circuit making" "6-25-01-13"
        ["PCB" "电路板" "电路板制造" "线路板" "PCB操作" "FPC" "PCB making"]
    chip_packaging "芯片封装" "Chip packaging" "6-25-02-06"
        ["封装" "邦定" "固晶" "焊线机" "半导体封装" "半导体操作员" "Die bonding"]
    battery_assembly "电池组装" "Battery assembly" "6-24-04-00"
        ["电池制造" "锂电池组装" "电芯" "电池点焊" "电池厂普工" "锂电池" "卷绕(电池)" "Battery pack assembly"]
    solar_module "光伏组件" "Solar module assembly" "6-24-02-04" ["光伏组件制造" "太阳能板组装" "串焊" "层压(光伏)"]
    appliance_assembly "家电组装" "Appliance assembly" "6-24-05-04"
        ["小家电组装" "空调组装" "冰箱组装" "风扇组装" "家电装配" "洗衣机组装" "电器组装" "小家电装配"]
    motor_assembly "电机装配" "Motor assembly" "6-24-01-00" ["马达组装" "电机绕线" "电机嵌线" "马达装配" "电机制造"]
    glue_dispensing "点胶" "Glue dispensing" - ["打胶" "点胶机" "点胶工" "涂胶" "灌胶" "打胶工" "Gluing"]
    laser_marking "激光打标" "Laser marking" - ["镭雕" "打标机" "激光雕刻" "喷码" "打码" "Coding and marking"]
    cleanroom_work "无尘车间" "Cleanroom work" - ["无尘室" "洁净车间" "无尘车间操作" "穿无尘服"]
    electronics_technician "电子技术员" "Electronics technician" "6-25-04-08"
        ["电子工程技术" "电子技术" "设备技术员" "电子设备调试" "产线技术员"]
}
