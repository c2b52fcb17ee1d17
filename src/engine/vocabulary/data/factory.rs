//! Factory work found in every trade: packing, general labour, checking, supervising, plastics, paper, printing, textiles.

use super::{BuiltinSkill, skills};

skills! {
    "factory";
    packing "包装" "Packing" "6-31-05-00"
        ["打包" "包装工" "打包装" "装箱" "封箱" "装袋" "入袋" "折盒" "装盒" "打包工" "打包员" "成品包装" "服装包装"
         "Packaging" "Packer"]
    labelling "贴标" "Labelling" "6-31-05-00" ["贴标签" "贴标工" "贴纸" "贴条码" "打标签" "贴标机" "Label sticking"]
    packing_machine "包装机操作" "Packing machine operation" "6-31-05-00"
        ["包装机" "自动包装机" "封口机" "热缩包装" "塑封" "真空包装" "打包机" "Sealing machine"]
    gift_box_making "礼盒制作" "Gift box making" "6-07-02-00"
        ["糊盒" "粘盒" "手工盒" "精装盒" "彩盒" "礼品盒" "礼盒包装" "做礼盒" "糊纸盒"]
    carton_making "纸箱制作" "Carton making" "6-07-02-00"
        ["纸箱厂" "钉箱" "纸箱加工" "开槽机" "做纸箱" "纸盒加工" "模切" "啤机" "Box making"]
    bag_making "制袋" "Bag and sack making" "6-14-02-00"
        ["编织袋" "塑料袋加工" "制袋机" "纸袋加工" "无纺布袋" "做袋子" "手提袋制作"]
    general_labour "普工" "General labour" -
        ["工厂普工" "一线普工" "操作工" "作业员" "生产工" "一线工人" "车间普工" "车间工人" "车间操作工" "流水线"
         "流水线工人" "生产线" "生产员工" "产线操作员" "生产操作工" "进厂" "打工" "工厂工人" "厂工" "Factory worker"
         "Production worker" "Line operator"]
    odd_jobs "杂工" "Odd jobs" -
        ["打杂" "勤杂" "勤杂工" "小工(杂工)" "帮工" "后勤杂工" "打零工" "零工" "零活" "散工" "Handyman"]
    heavy_labour "体力活" "Manual labour" - ["力工" "苦力" "体力工" "卖力气" "下力" "重体力"]
    assembly "组装" "Assembly" "6-20-01-01"
        ["装配" "组装工" "装配工" "打螺丝" "锁螺丝" "产品组装" "拼装" "组立" "祖装" "Assembler"]
    machine_minding "看机台" "Machine minding" -
        ["机台操作" "看机器" "操机" "设备操作" "机器操作" "机台" "设备操作员" "开机器" "开机台" "Machine operator"]
    quality_inspection "质检" "Quality inspection" "6-31-03-05"
        ["质检员" "品检" "检验员" "检验" "QC" "品管" "IPQC" "OQC" "IQC" "FQC" "全检" "质量检验" "产品检验" "检查员"
         "巡检" "验货" "Quality control"]
    quality_management "品质管理" "Quality management" -
        ["QA" "品质主管" "质量管理" "品保" "品质工程师" "体系管理" "Quality assurance"]
    sorting "分拣" "Sorting" "4-02-07-02" ["挑选" "分选" "拣选" "分拣员" "分拣工" "分类挑拣" "Sorter"]
    weighing "称重" "Weighing" "6-31-04-00" ["过磅" "司磅" "称重计量" "司磅员" "配料称重" "地磅"]
    line_leading "班组长" "Line leading" -
        ["组长" "线长" "拉长" "班长" "生产组长" "领班(车间)" "车间组长" "流水线组长" "Line leader" "Team leader"]
    workshop_supervision "车间主管" "Workshop supervision" -
        ["车间主任" "车间管理" "生产主管" "生产管理" "工段长" "Workshop supervisor"]
    factory_management "厂长" "Factory management" - ["副厂长" "工厂管理" "生产经理" "生产厂长" "Plant manager"]
    production_planning "生产计划" "Production planning" - ["PMC" "生管" "物控" "计划员" "生产调度" "排产"]
    material_handling "物料员" "Material handling" -
        ["配料员" "发料" "领料" "备料" "上料" "下料(物料)" "物料管理" "车间物料" "Material handler"]
    industrial_safety "安全员" "Industrial safety" "6-31-06-00"
        ["安全管理" "安全生产管理" "安环" "EHS" "车间安全员" "工地安全员" "Safety officer"]
    injection_moulding "注塑" "Injection moulding" "6-14-02-00"
        ["啤机工(注塑)" "注塑工" "注塑机" "塑胶成型" "注塑成型" "塑料厂" "Plastics moulding"]
    plastic_extrusion "吹膜" "Plastic extrusion" "6-14-02-00" ["挤塑" "吹塑" "塑料挤出" "拉管" "吸塑" "挤出机"]
    deburring "披锋" "Deflashing" - ["削披锋" "修边" "批锋" "剪水口" "刮披锋" "修毛边" "去毛刺"]
    rubber_processing "橡胶制品" "Rubber processing" "6-14-01-01"
        ["硅胶制品" "橡胶硫化" "硅胶成型" "炼胶" "硫化" "硅橡胶操作"]
    printing "印刷" "Printing" "6-08-01-02" ["印刷工" "机长(印刷)" "印刷机" "胶印" "凹印" "柔印" "Press operator"]
    screen_printing "丝印" "Screen printing" "6-04-06-03"
        ["移印" "丝网印刷" "印花" "手工印花" "烫画" "热转印" "丝印工" "印花工" "Heat transfer printing"]
    post_press "装订" "Binding" "6-08-01-03" ["印后加工" "折页" "覆膜" "裱纸" "胶装" "骑马钉" "书本装订" "Book binding"]
    paper_making "造纸" "Paper making" "6-07-01-03" ["造纸工" "复卷" "生活用纸" "纸巾生产" "纸厂" "古法造纸"]
    weaving "织布" "Weaving" "6-04-03-03"
        ["挡车" "挡车工" "档车工" "织布工" "织布挡车" "喷气织机" "织造" "纺织工" "纺织厂" "Loom operator"]
    spinning "纺纱" "Spinning" "6-04-02-01" ["细纱" "粗纱" "纺纱工" "细纱挡车" "络筒" "纺纱挡车" "Yarn spinning"]
    flat_knitting "横机" "Flat knitting" "6-04-04-03"
        ["电脑横机" "横机工" "毛织" "毛衣厂" "看横机" "毛织横机" "Knitting machine"]
    circular_knitting "针织大圆机" "Circular knitting" "6-04-04-01"
        ["大圆机" "纬编" "针织" "圆机挡车" "针织工" "织袜" "袜机"]
    textile_dyeing "印染" "Textile dyeing" "6-04-06-02" ["染色" "染布" "染厂" "染色工" "染缸" "定型机" "漂染" "Dyeing"]
    silk_reeling "缫丝" "Silk reeling" "6-04-02-02" ["缫丝工" "抽丝" "剥茧" "丝厂"]
    nonwovens "无纺布" "Nonwovens production" "6-04-05-00" ["无纺布生产" "非织造布" "水刺布"]
    glass_processing "玻璃加工" "Glass processing" "6-15-03-03" ["玻璃磨边" "玻璃切割" "钢化玻璃" "玻璃工" "玻璃厂"]
    ceramic_tile_production "陶瓷生产" "Ceramics production" "6-15-05-02"
        ["瓷砖厂" "施釉" "陶瓷厂" "陶瓷成型" "窑炉" "烧窑"]
    brick_making "制砖" "Brick making" "6-15-02-01" ["砖厂" "做砖" "打砖" "免烧砖" "水泥砖" "码砖" "砖瓦生产"]
    cement_products "水泥制品" "Concrete products" "6-15-01-02" ["预制板" "水泥管" "预制件" "PC构件" "水泥构件"]
    quarrying "采石" "Quarrying" "6-16-01-01" ["打石头" "砂石厂" "碎石" "石场" "砂石生产" "露天采矿"]
    mining "井下采矿" "Underground mining" "6-16-01-05" ["采矿" "矿工" "挖煤" "煤矿" "煤矿工人" "下井" "采煤" "Miner"]
    chemical_operation "化工操作" "Chemical operation" "6-11-01-02"
        ["化工" "化工厂" "化工操作工" "化工生产" "反应釜" "调漆" "Chemical plant operator"]
    fireworks_making "烟花爆竹制作" "Fireworks making" "6-11-09-05" ["烟花厂" "鞭炮厂" "做鞭炮" "烟花爆竹"]
    daily_chemicals "日化灌装" "Cosmetics filling" "6-11-10-04"
        ["灌装" "化妆品生产" "洗涤用品生产" "灌装工" "日化生产" "Filling line"]
    pharmaceutical_production "药品生产" "Pharmaceutical production" "6-12-03-00"
        ["制药" "药厂" "制剂" "中成药生产" "压片" "药厂普工" "Pharmaceutical worker"]
    herb_processing "中药炮制" "Herb processing" "6-12-02-00" ["中药加工" "药材加工" "切药" "中药饮片" "洗药"]
    waste_sorting "废品回收" "Waste recycling" "4-01-04-00"
        ["收废品" "废旧回收" "废品分拣" "再生资源回收" "收破烂" "废品打包" "Recycling"]
    boiler_operation "司炉" "Boiler operation" "6-28-01-11"
        ["锅炉工" "锅炉操作" "烧锅炉" "锅炉" "司炉工" "Boiler operator"]
    sewage_operation "污水处理" "Sewage treatment" "4-09-07-01"
        ["污水处理工" "废水处理" "污水厂" "Wastewater treatment"]
    water_treatment "制水" "Waterworks operation" "6-28-03-01" ["自来水厂" "水处理" "供水工" "桶装水生产"]
    power_distribution "配电值班" "Substation duty" "6-28-01-14"
        ["变电站值班" "配电房" "高压值班电工" "变配电运行" "Substation operator"]
}
