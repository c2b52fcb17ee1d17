//! Embroidery, ethnic handicraft and other work of the hands, much of it done at home.

use super::{BuiltinSkill, skills};

skills! {
    "handicraft";
    embroidery "刺绣" "Embroidery" "6-09-03-11"
        ["绣花" "绣工" "绣娘" "手工刺绣" "手绣" "手工绣花" "刺秀" "秀花" "绣花工" "Hand embroidery"]
    miao_embroidery "苗绣" "Miao embroidery" "6-09-03-11" ["苗族刺绣" "苗秀" "苗绣绣娘" "苗族绣花" "苗家刺绣"]
    dong_embroidery "侗绣" "Dong embroidery" "6-09-03-11" ["侗族刺绣" "水族马尾绣" "马尾绣"]
    tujia_embroidery "土家绣" "Tujia embroidery" "6-09-03-11" ["土家刺绣" "土家族刺绣" "花灯绣"]
    cross_stitch "十字绣" "Cross-stitch" "6-09-03-11" ["挑花" "绣十字绣" "数纱绣" "十字秀" "Counted-thread work"]
    machine_embroidery "电脑绣花" "Machine embroidery" "6-09-03-11"
        ["机绣" "电绣" "绣花机" "绣花挡车" "电脑刺绣" "电脑绣" "Embroidery machine operator"]
    embroidery_digitising "绣花打版" "Embroidery digitising" - ["绣花制版" "电脑绣花制版" "刺绣打版"]
    patchwork_applique "贴布绣" "Appliqué" "6-09-03-11" ["布贴画" "堆绣" "贴花" "布贴" "Applique"]
    batik "蜡染" "Batik" "6-09-03-17" ["腊染" "点蜡" "画蜡" "蜡染画" "苗族蜡染" "蜡染制作" "Wax-resist dyeing"]
    tie_dye "扎染" "Tie-dyeing" "6-09-03-17" ["扎染制作" "手工扎染" "蓝染" "植物染" "靛染" "Indigo dyeing"]
    brocade_weaving "织锦" "Brocade weaving" "6-09-03-17"
        ["土家织锦" "西兰卡普" "侗锦" "织布机(手工)" "手工织布" "土布" "打花带" "织花带" "Hand weaving"]
    silver_jewellery "银饰" "Silver jewellery" "6-09-03-15"
        ["银饰加工" "银饰锻制" "打银" "银匠" "苗银" "银饰制作" "银器" "Silversmithing"]
    jewellery_assembly "饰品加工" "Jewellery assembly" "6-09-03-15"
        ["串珠" "穿珠" "饰品" "手工串珠" "饰品组装" "首饰加工" "发饰制作" "头花" "Beadwork"]
    bamboo_weaving "竹编" "Bamboo weaving" "5-05-06-05"
        ["编竹" "编竹子" "编竹篓" "竹编工艺" "篾匠" "竹编织" "编箩筐" "竹艺" "Bamboo craft"]
    rattan_weaving "藤编" "Rattan weaving" "5-05-06-05" ["编藤" "藤椅编织" "藤编工艺" "藤条编织" "PE藤编"]
    straw_weaving "草编" "Straw plaiting" "6-09-03-17" ["编草鞋" "草编织" "棕编" "打草鞋" "草帽编织"]
    crochet_knitting "钩编" "Crochet and hand knitting" "6-05-01-06"
        ["勾编" "钩针" "勾针" "织毛衣" "钩毛衣" "编织" "手工编织" "打毛线" "钩花" "毛线编织" "Crochet" "Hand knitting"]
    knot_tying "中国结" "Decorative knots" "6-09-03-17" ["编中国结" "编绳" "编手链" "手绳编织" "Macrame"]
    artificial_flowers "人造花" "Artificial flower making" "6-09-03-09"
        ["仿真花" "绢花" "假花制作" "插花枝" "塑胶花组装" "Silk flowers"]
    paper_cutting "剪纸" "Paper cutting" "6-09-03-17" ["手工剪纸" "剪窗花"]
    wood_carving "木雕" "Wood carving" "6-09-03-01"
        ["雕花" "根雕" "傩面具" "傩戏面具雕刻" "木雕工艺" "雕刻" "工艺品雕刻" "Carving"]
    stone_carving "石雕" "Stone carving" "6-09-03-01" ["石刻" "刻碑" "玉雕" "印石雕刻" "紫袍玉雕"]
    lacquer_painting "彩绘" "Craft painting" "6-09-03-10"
        ["手绘" "工艺画" "上色" "树脂彩绘" "工艺品上色" "描金" "喷油上色" "Hand painting"]
    pottery "制陶" "Pottery" "6-09-03-03" ["陶艺" "拉坯" "做陶器" "陶瓷工艺品" "土陶" "Ceramics"]
    musical_instruments "民族乐器制作" "Folk instrument making" "6-09-02-05" ["芦笙制作" "做芦笙" "二胡制作" "唢呐制作"]
    home_handwork "来料加工" "Home piecework" -
        ["手工外发" "居家手工" "外发手工" "家庭手工" "来料手工" "手工加工" "领回家做" "Outwork" "Home-based piecework"]
    incense_making "制香" "Incense making" - ["做香" "香烛加工" "纸钱加工" "蚊香制作" "祭祀用品加工"]
    silk_wadding "蚕丝被制作" "Silk quilt making" - ["拉蚕丝" "做蚕丝被" "弹棉花" "棉被加工" "弹花匠"]
    folk_performance "民族歌舞表演" "Folk performance" "6-09-03-19"
        ["民族表演" "傩戏表演" "花灯戏" "歌舞演员" "舞蹈演员" "演艺" "唱山歌"]
}
