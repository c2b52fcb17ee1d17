//! Garment trades: from the cloth store to the packed carton.

use super::{BuiltinSkill, skills};

skills! {
    "garments";
    sewing "缝纫" "Sewing" "6-05-01-03"
        ["缝纫工" "缝制" "车缝" "车工(服装)" "服装车工" "服装厂车工" "制衣工" "车衣工" "车衣" "车位工" "踩缝纫机"
         "踩衣车" "逢纫" "缝韧" "缝刃" "Sewing machine operator" "Seamstress"]
    flat_seam "平缝" "Lockstitch sewing" "6-05-01-03"
        ["平车" "平缝机" "平缝车" "平车工" "平车车工" "单针平车" "单针车" "电脑平车" "平逢" "Flat seam sewing"
         "Lockstitch machine"]
    double_needle "双针车" "Twin-needle sewing" "6-05-01-03" ["双针" "双针平车" "双针机" "Double needle"]
    overlock "锁边" "Overlock" "6-05-01-03"
        ["拷边" "打边" "包缝" "码边" "锁边机" "打边车" "及骨" "四线" "五线" "三线" "四线车" "五线车" "四线打边"
         "四线五线打边" "四线锁边" "五线锁边" "三线锁边" "4线" "5线" "琐边" "Overlocking" "Serging"]
    coverstitch "冚车" "Coverstitch" "6-05-01-03"
        ["坎车" "绷缝" "绷缝机" "冚车工" "双针冚车" "三针五线" "Cover stitch machine" "Flatlock"]
    hemming "卷边" "Hemming" "6-05-01-03" ["卷边车" "缲边" "挑边" "撬边" "下摆卷边" "Hem sewing"]
    zigzag_sewing "人字车" "Zigzag sewing" "6-05-01-03" ["曲折缝" "人字机" "之字车" "Zigzag machine"]
    elastic_sewing "拉橡筋" "Elastic waistband sewing" "6-05-01-03" ["橡筋车" "上橡筋" "拉松紧带" "多针车"]
    buttonholing "锁眼" "Buttonholing" "6-05-01-03"
        ["锁扣眼" "开扣眼" "锁眼机" "凤眼" "平头锁眼" "圆头锁眼" "Buttonhole machine"]
    button_sewing "钉扣" "Button attaching" "6-05-01-03" ["钉钮" "钉纽扣" "钉扣子" "钉扣机" "打扣" "Button sewing"]
    snap_fastening "打四合扣" "Snap fastening" - ["四合扣" "打五爪扣" "打鸡眼" "打铆钉" "打气眼" "Eyelet setting"]
    bartacking "打枣" "Bartacking" "6-05-01-03" ["套结" "打套结" "打枣车" "套结机" "Bartack machine"]
    zipper_sewing "上拉链" "Zip insertion" "6-05-01-03" ["装拉链" "车拉链" "Zipper setting"]
    sleeve_setting "上袖" "Sleeve setting" "6-05-01-03" ["装袖" "绱袖" "上袖子"]
    collar_setting "上领" "Collar setting" "6-05-01-03" ["绱领" "装领" "做领" "领口车缝"]
    pocket_sewing "开袋" "Pocket sewing" "6-05-01-03" ["贴袋" "开袋机" "做口袋" "自动开袋"]
    waistband_sewing "上腰头" "Waistband setting" "6-05-01-03" ["上裤头" "绱腰" "拉裤头" "做腰头"]
    special_machine "专机" "Special sewing machine" "6-05-01-03"
        ["特种机" "特种车" "专机工" "特种缝纫设备" "Special machines"]
    template_sewing "模板缝纫" "Template sewing" "6-05-01-03" ["模板机" "全自动模板机" "服装模板操作"]
    whole_garment "整件车" "Whole-garment sewing" "6-05-01-03"
        ["做整件" "整件车工" "全能车工" "做成衣" "成衣制作" "Full garment sewing"]
    sample_sewing "车板" "Sample sewing" "6-05-01-03"
        ["车板工" "样衣工" "做样衣" "样衣制作" "打样车工" "样板车工" "Sample maker"]
    tailoring "裁缝" "Tailoring" "4-10-02-01" ["量体裁衣" "定制服装" "做衣服" "改衣服" "改裤脚" "缝补衣服" "Tailor"]
    pattern_making "打板" "Pattern making" "6-05-01-01"
        ["打版" "制版" "服装制版" "纸样" "打纸样" "纸样师" "出纸样" "服装打板" "打板师" "打版师" "Pattern cutter"]
    marker_making "排料" "Marker making" "6-05-01-01"
        ["排唛架" "唛架" "排版(裁床)" "CAD排料" "放码" "推板" "Grading and marker making"]
    garment_cutting "裁剪" "Fabric cutting" "6-05-01-02"
        ["裁床" "主裁" "裁布" "开裁" "剪裁" "服装裁剪" "裁剪工" "裁床师傅" "栽剪" "Cutting room"]
    electric_cutting "电剪" "Electric knife cutting" "6-05-01-02"
        ["推电剪" "拉电剪" "副裁" "推刀" "电剪刀" "电剪工" "Electric cutter"]
    auto_cutting "自动裁床" "Automatic cutter operation" "6-05-01-02" ["电脑裁床" "数控裁床" "CAM裁床" "激光裁床"]
    fabric_spreading "拉布" "Fabric spreading" "6-05-01-02"
        ["铺布" "拖布(裁床)" "拉布分片" "铺料" "拉布机" "拉布工" "Spreading"]
    bundling "分片" "Cut-piece bundling" - ["捆扎(裁片)" "打号" "编号扎包" "扎包" "验片" "裁片分包" "查片" "Bundling"]
    fusing "粘衬" "Fusing" - ["烫衬" "压衬" "粘朴" "烫朴" "粘合机" "过粘合机" "Fusing press"]
    fabric_inspection "验布" "Fabric inspection" "4-08-05-02"
        ["验布工" "查布" "坯布检验" "面料检验" "验布机" "Cloth inspection"]
    garment_inspection "服装质检" "Garment inspection" "6-31-03-05"
        ["查衫" "中查" "尾查" "查衣" "验衣" "成衣检验" "服装检验" "服装QC" "制衣QC" "成品查衣" "Garment QC"]
    final_pressing "整烫" "Pressing" "6-05-01-04"
        ["大烫" "熨烫" "烫衣" "烫工" "烫衣服" "后整烫" "烫台" "整烫工" "Ironing"]
    process_pressing "中烫" "In-process pressing" "6-05-01-04" ["小烫" "烫缝" "点位烫" "分缝烫" "中烫工"]
    thread_trimming "剪线" "Thread trimming" - ["剪线头" "修线头" "剪线工" "修剪线头" "清线头" "剪毛" "Thread cutting"]
    garment_handwork "服装手工" "Garment handwork" -
        ["手工" "手工活" "手缝" "手工钉珠" "服装手工活" "手工组" "Hand sewing" "Handwork"]
    beading "钉珠" "Bead attaching" - ["珠绣" "烫钻" "粘钻" "手工钉珠片" "钉亮片" "Rhinestone setting"]
    garment_finishing "后整理" "Garment finishing" -
        ["后道" "尾部" "后整" "服装尾部" "后道整理" "挂牌(服装)" "打吊牌" "Finishing room"]
    garment_washing "服装水洗" "Garment washing" "6-05-01-05"
        ["水洗" "水洗工" "牛仔水洗" "砂洗" "酵洗" "Garment laundry"]
    piece_dispatch "收发" "Piece dispatch" -
        ["收发员" "收发货(裁片)" "车间收发" "裁片收发" "收发裁片" "Work-in-progress dispatch"]
    sewing_helper "车间辅工" "Sewing room helper" -
        ["下手工(服装)" "服装辅工" "车间杂工" "翻领" "点位" "服装助手" "缝纫助手" "Sewing helper"]
    down_filling "充绒" "Down filling" "6-05-03-00" ["羽绒充填" "充棉" "充绒工" "填充羽绒" "充棉花"]
    knitting_linking "缝盘" "Linking knitwear" "6-05-01-03" ["套口" "缝盘工" "毛衣缝盘" "毛衣套口" "套口工"]
    hat_making "制帽" "Hat making" "6-05-04-02" ["做帽子" "帽子车缝" "制帽工"]
    glove_making "手套制作" "Glove making" "6-05-01-03" ["手套缝制" "做手套" "手套机"]
    home_textiles "家纺缝制" "Home textile sewing" "6-05-01-03"
        ["窗帘缝制" "被套缝制" "床品缝制" "做窗帘" "做被子" "四件套缝制" "家纺车工"]
    quilting "绗缝" "Quilting" "6-05-01-03" ["绗缝机" "绗棉" "拼布" "Quilt machine"]
    mask_making "口罩生产" "Face mask production" "6-21-06-04" ["口罩机" "做口罩" "防护服生产" "口罩制作"]
    fashion_design "服装设计" "Fashion design" - ["服装设计师" "时装设计" "服装设计助理" "款式设计" "Clothing design"]
    garment_merchandising "跟单" "Order merchandising" -
        ["销售跟单" "服装跟单" "跟单员" "外贸跟单" "生产跟单" "跟单文员" "业务跟单" "Merchandiser"]
    outsourcing_supervision "外发主管" "Outsourcing supervision" - ["外发" "外发跟单" "外发管理" "外协管理" "外发员"]
    finishing_supervision "尾部主管" "Finishing room supervision" - ["后道主管" "尾部组长" "后整主管" "后道组长"]
    line_instruction "指导工" "Line instruction" -
        ["车间指导" "缝纫指导" "服装指导" "指导工(服装)" "缝纫培训" "Sewing instructor"]
    lathe_or_sewing "车工" "Machinist or sewer, unspecified" - ["车工(未注明)" "车位"]
}
