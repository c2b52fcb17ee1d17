//! How far does one built-in skill serve where another is asked? Links between neighbours; [`SkillTable`] composes two.
//!
//! Points are what a foreman would say, not a measurement: 9,000 = the same work under a wider or narrower name, 7,000 = works on
//! the first day with some help, 5,000 = a week of training, 3,000 = helps more than nothing. Where letters are near but
//! the work is not (电焊 and 电工) there is no link.
//!
//! [`SkillTable`]: crate::engine::similarity::SkillTable

use crate::domain::codes::SkillLinkKind;

/// A directed link between two built-in skills, by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltinLink {
    /// Skill held.
    pub from: &'static str,
    /// Skill asked.
    pub to: &'static str,
    /// What the skill asked is, seen from the skill held.
    pub kind: SkillLinkKind,
    /// `0..=10000`: how far `from` serves where `to` is asked.
    pub points: u16,
}

/// A wide skill and its kinds. `up`: a person of a kind where the wide one is asked; `down`: the reverse.
struct Family {
    wide: &'static str,
    up: u16,
    down: u16,
    kinds: &'static [&'static str],
}

/// `wide up down [kinds]`, see [`Family`].
macro_rules! families {
    ($($wide:ident $up:literal $down:literal [$($kind:ident)*])*) => {
        const FAMILIES: &[Family] = &[$(Family {
            wide: stringify!($wide),
            up: $up,
            down: $down,
            kinds: &[$(stringify!($kind)),*],
        }),*];
    };
}

families! {
    sewing 9_000 7_500 [flat_seam overlock coverstitch double_needle hemming whole_garment sample_sewing
        sleeve_setting collar_setting pocket_sewing waistband_sewing zipper_sewing home_textiles elastic_sewing
        zigzag_sewing special_machine template_sewing tailoring]
    sewing 8_000 6_000 [bag_sewing shoe_upper_sewing plush_toys hat_making glove_making]
    special_machine 8_500 7_000 [buttonholing button_sewing bartacking zigzag_sewing snap_fastening]
    garment_cutting 9_000 7_000 [electric_cutting auto_cutting]
    garment_cutting 6_500 6_500 [fabric_spreading bundling marker_making]
    garment_handwork 8_500 7_500 [thread_trimming beading snap_fastening]
    garment_finishing 8_500 7_000 [final_pressing thread_trimming garment_inspection packing]
    final_pressing 9_000 7_500 [process_pressing fusing]
    embroidery 9_000 7_500 [miao_embroidery dong_embroidery tujia_embroidery cross_stitch patchwork_applique]
    home_handwork 7_500 5_500 [jewellery_assembly crochet_knitting artificial_flowers thread_trimming]
    home_handwork 7_000 5_000 [garment_handwork beading knot_tying gift_box_making cross_stitch]
    electronic_assembly 9_000 7_000 [component_insertion phone_assembly earphone_assembly led_assembly
        data_cable_making battery_assembly appliance_assembly screen_lamination]
    electronic_assembly 7_500 5_000 [soldering coil_winding wire_harness smt wave_soldering terminal_crimping
        motor_assembly]
    assembly 9_000 7_000 [electronic_assembly toy_assembly hardware_assembly appliance_assembly]
    assembly 8_500 5_500 [luggage_assembly lighter_stationery umbrella_making auto_assembly ebike_assembly
        furniture_assembly]
    // Anybody who has worked in a factory serves as a general labourer; the reverse needs training.
    general_labour 9_000 3_500 [assembly electronic_assembly packing labelling sorting food_processing toy_assembly
        machine_minding packing_machine sewing_helper odd_jobs hardware_assembly shoe_making carton_making
        injection_moulding component_insertion phone_assembly deburring]
    general_labour 8_500 2_500 [sewing stamping weaving smt furniture_making loading ecommerce_packing
        textile_dyeing printing]
    packing 9_000 8_000 [labelling packing_machine ecommerce_packing gift_box_making farm_produce_sorting]
    quality_inspection 8_500 6_500 [garment_inspection fabric_inspection visual_inspection food_testing]
    quality_inspection 8_000 6_000 [electronic_testing]
    line_leading 9_000 6_000 [workshop_supervision finishing_supervision line_instruction]
    workshop_supervision 9_000 6_000 [factory_management finishing_supervision outsourcing_supervision]
    shoe_making 9_000 6_500 [shoe_upper_sewing shoe_lasting shoe_gluing insole_slipper die_cutting]
    leather_work 8_000 6_500 [bag_sewing luggage_assembly die_cutting]
    toy_assembly 8_000 6_500 [plush_toys toy_painting]
    furniture_making 8_500 6_000 [carpentry machine_woodwork edge_banding upholstery wood_sanding wood_finishing]
    carpentry 8_500 6_500 [machine_woodwork door_making formwork ceiling_fitting ancient_building wood_turning]
    cooking 9_500 6_000 [chef canteen_cook banquet_cooking site_watch_cooking cold_dishes noodle_making
        pastry_chinese snack_making]
    chef 8_000 7_000 [banquet_cooking canteen_cook cold_dishes hotpot barbecue western_cooking]
    kitchen_help 9_000 8_000 [kitchen_prep dish_washing cooking]
    waiting 9_000 8_000 [food_running restaurant_supervision tea_art bartending]
    food_processing 9_000 6_500 [meat_products pickling chilli_products tofu_making starch_noodles]
    food_processing 8_500 6_000 [fruit_processing beverage_making aquatic_processing egg_processing candy_making]
    tea_processing 7_000 6_000 [tea_sorting]
    elder_care 9_000 7_500 [disability_care home_care patient_care]
    domestic_work 9_000 7_500 [hourly_domestic tidying maternity_care infant_care]
    domestic_work 7_500 6_500 [cleaning elder_care cooking]
    cleaning 9_000 8_000 [deep_cleaning street_cleaning public_toilet_keeping room_service river_cleaning]
    cleaning 8_000 6_500 [waste_separation refuse_collection hourly_domestic dish_washing]
    guarding 9_000 7_500 [security_captain cctv_monitoring parking_attendance loss_prevention auxiliary_police]
    guarding 8_500 5_000 [security_screening escort fire_control_room]
    property_repair 8_000 5_500 [building_plumbing_electric electrician plumbing]
    site_labour 8_500 4_000 [rebar_work formwork concrete_work bricklaying stone_masonry plastering tiling
        scaffolding demolition earthwork road_building waterproofing painting putty_work tunnelling steel_structure
        country_building]
    decoration 8_500 6_000 [painting putty_work tiling ceiling_fitting floor_fitting building_plumbing_electric]
    country_building 8_000 7_000 [bricklaying plastering concrete_work formwork rebar_work]
    building_plumbing_electric 8_000 7_500 [plumbing electrical_installation]
    electrician 8_500 7_000 [electrical_installation electrical_cabinet_wiring power_distribution]
    welding 9_500 7_000 [gas_shielded_welding argon_welding gas_welding spot_welding boiler_making]
    cnc_operation 8_500 7_500 [cnc_lathe cnc_programming auto_cutting]
    machine_repair 8_000 6_000 [sewing_machine_repair mechatronics fitting machinery_repair farm_machine_repair]
    auto_repair 8_000 6_500 [auto_body_repair motorcycle_repair machinery_repair]
    spray_painting 8_500 7_500 [powder_coating toy_painting wood_finishing]
    driving 9_500 5_000 [truck_driving bus_driving taxi_driving designated_driving special_vehicle_driving]
    driving 9_500 4_000 [trailer_driving dump_truck_driving mixer_truck_driving driving_instruction]
    driving 8_500 6_500 [goods_delivery]
    truck_driving 9_000 5_500 [trailer_driving dump_truck_driving mixer_truck_driving special_vehicle_driving]
    loading 9_000 8_000 [house_moving heavy_labour]
    warehouse_keeping 7_000 7_500 [tallying order_picking material_handling]
    shop_sales 8_500 7_000 [phone_sales supermarket_fresh pharmacy_work promotion store_management tallying]
    sales 9_000 6_500 [telesales car_sales real_estate insurance_sales promotion phone_sales]
    customer_service 9_000 8_000 [ecommerce_service call_centre reception]
    ecommerce_operation 8_000 6_500 [media_operation live_streaming ecommerce_service stream_assistance]
    office_clerk 8_500 7_500 [data_entry typing filing reception statistics secretary human_resources]
    design_general 9_000 5_000 [fashion_design graphic_design interior_design]
    crop_farming 9_000 7_500 [vegetable_growing fruit_growing tea_growing tobacco_growing herb_growing
        farm_day_labour irrigation]
    crop_farming 8_500 6_500 [mushroom_growing flower_growing seedling_raising crop_protection farm_management]
    farm_day_labour 9_000 8_000 [fruit_picking tea_picking vegetable_growing farm_produce_sorting tree_planting]
    livestock_farming 9_000 7_500 [pig_farming cattle_farming sheep_farming poultry_farming special_breeding]
    livestock_farming 7_500 4_500 [breeding_technique veterinary silkworm_raising fish_farming]
    agri_technician 8_000 5_000 [crop_protection farm_management]
    beauty_care 8_000 6_000 [manicure makeup]
    hairdressing 8_500 7_000 [shampooing]
    massage 8_500 7_000 [pedicure rehabilitation bath_service]
    kindergarten_teaching 8_000 7_500 [childcare_assistance]
    school_teaching 8_500 6_500 [tutoring art_music_teaching kindergarten_teaching sports_coaching]
    public_welfare_post 8_000 6_000 [cleaning street_cleaning forest_ranging river_cleaning water_supply_keeping]
    road_building 8_000 6_500 [road_maintenance concrete_work]
}

/// `(a, b, a held where b is asked, b held where a is asked)`.
const RELATED: &[(&str, &str, u16, u16)] = &[
    ("lathe_or_sewing", "sewing", 7_000, 6_500),
    ("lathe_or_sewing", "lathe_turning", 4_000, 5_500),
    ("flat_seam", "double_needle", 7_500, 9_000),
    ("flat_seam", "whole_garment", 6_500, 9_500),
    ("flat_seam", "overlock", 6_000, 5_500),
    ("overlock", "coverstitch", 6_500, 6_500),
    ("whole_garment", "sample_sewing", 7_500, 9_000),
    ("tailoring", "sample_sewing", 7_000, 7_500),
    ("tailoring", "whole_garment", 8_500, 7_000),
    ("buttonholing", "button_sewing", 8_000, 8_000),
    ("pattern_making", "marker_making", 8_500, 5_500),
    ("pattern_making", "fashion_design", 5_000, 5_000),
    ("fabric_inspection", "garment_inspection", 6_500, 6_500),
    ("sewing_helper", "sewing", 3_500, 8_000),
    ("sewing_helper", "thread_trimming", 8_000, 7_000),
    ("piece_dispatch", "warehouse_keeping", 6_000, 7_000),
    ("piece_dispatch", "material_handling", 7_500, 7_500),
    ("bundling", "piece_dispatch", 6_500, 6_500),
    ("workshop_supervision", "line_instruction", 7_000, 5_000),
    ("garment_merchandising", "outsourcing_supervision", 7_000, 6_500),
    ("garment_merchandising", "production_planning", 5_000, 5_000),
    ("home_textiles", "quilting", 7_000, 7_000),
    ("down_filling", "plush_toys", 5_000, 4_000),
    ("knitting_linking", "flat_knitting", 5_000, 4_500),
    ("garment_washing", "laundry", 6_500, 5_500),
    ("garment_washing", "textile_dyeing", 6_000, 5_500),
    ("laundry", "final_pressing", 5_500, 5_000),
    ("mask_making", "general_labour", 9_000, 3_500),
    ("miao_embroidery", "dong_embroidery", 7_500, 7_500),
    ("miao_embroidery", "tujia_embroidery", 7_500, 7_500),
    ("embroidery", "garment_handwork", 8_500, 4_500),
    ("embroidery", "beading", 7_500, 5_000),
    ("machine_embroidery", "embroidery", 3_500, 3_000),
    ("machine_embroidery", "embroidery_digitising", 5_000, 7_000),
    ("machine_embroidery", "machine_minding", 8_000, 5_000),
    ("batik", "tie_dye", 7_000, 6_500),
    ("bamboo_weaving", "rattan_weaving", 8_000, 8_000),
    ("bamboo_weaving", "straw_weaving", 7_000, 6_500),
    ("bamboo_products", "bamboo_weaving", 3_500, 5_000),
    ("silver_jewellery", "jewellery_assembly", 7_000, 3_500),
    ("wood_carving", "stone_carving", 5_500, 5_500),
    ("wood_carving", "carpentry", 6_000, 4_500),
    ("lacquer_painting", "toy_painting", 7_500, 6_000),
    ("wig_making", "crochet_knitting", 5_000, 5_000),
    ("soldering", "component_insertion", 7_000, 5_500),
    ("soldering", "board_repair", 4_500, 8_500),
    ("soldering", "wave_soldering", 6_500, 6_500),
    ("wire_harness", "terminal_crimping", 8_000, 8_000),
    ("wire_harness", "wire_stripping", 8_500, 8_000),
    ("wire_harness", "data_cable_making", 7_500, 7_500),
    ("coil_winding", "transformer_making", 8_000, 8_500),
    ("coil_winding", "motor_assembly", 5_500, 6_500),
    ("electronic_testing", "visual_inspection", 8_000, 6_500),
    ("electronics_technician", "electronic_testing", 8_500, 5_000),
    ("electronics_technician", "board_repair", 7_000, 7_500),
    ("electronics_technician", "smt", 7_000, 4_500),
    ("board_repair", "phone_repair", 7_000, 6_500),
    ("phone_repair", "computer_repair", 5_500, 5_000),
    ("glue_dispensing", "electronic_assembly", 7_500, 6_000),
    ("glue_dispensing", "shoe_gluing", 6_000, 6_000),
    ("cleanroom_work", "electronic_assembly", 7_500, 6_000),
    ("laser_marking", "machine_minding", 7_500, 5_500),
    ("solar_module", "solar_installation", 3_000, 3_000),
    ("solar_installation", "electrical_installation", 5_000, 6_000),
    ("odd_jobs", "loading", 6_500, 8_000),
    ("odd_jobs", "cleaning", 6_000, 6_500),
    ("odd_jobs", "site_labour", 6_500, 8_000),
    ("odd_jobs", "kitchen_help", 6_000, 7_000),
    ("heavy_labour", "site_labour", 8_000, 8_500),
    ("carton_making", "gift_box_making", 6_000, 6_000),
    ("carton_making", "post_press", 6_000, 6_000),
    ("printing", "screen_printing", 5_500, 5_500),
    ("printing", "post_press", 6_000, 5_500),
    ("sorting", "parcel_handling", 7_500, 7_500),
    ("sorting", "order_picking", 7_500, 7_500),
    ("sorting", "farm_produce_sorting", 7_500, 7_500),
    ("waste_sorting", "waste_separation", 7_000, 7_000),
    ("weaving", "spinning", 6_500, 6_500),
    ("weaving", "circular_knitting", 6_000, 6_000),
    ("flat_knitting", "circular_knitting", 6_000, 5_500),
    ("brick_making", "cement_products", 6_500, 6_000),
    ("quarrying", "rock_drilling", 5_500, 6_500),
    ("mining", "tunnelling", 7_000, 6_000),
    ("rock_drilling", "tunnelling", 7_500, 6_500),
    ("rock_drilling", "blasting", 4_500, 6_500),
    ("sewage_operation", "water_treatment", 6_500, 6_500),
    ("daily_chemicals", "beverage_making", 6_000, 6_000),
    ("pharmaceutical_production", "food_processing", 7_000, 5_500),
    ("herb_processing", "herb_growing", 4_500, 4_000),
    ("plywood_making", "sawmilling", 6_500, 6_500),
    ("door_making", "door_window_fitting", 6_500, 6_500),
    ("furniture_assembly", "ceiling_fitting", 5_500, 6_500),
    ("furniture_assembly", "carpentry", 5_500, 7_500),
    ("baking", "pastry_chinese", 6_000, 5_500),
    ("noodle_making", "pastry_chinese", 6_500, 6_000),
    ("snack_making", "noodle_making", 7_000, 7_000),
    ("snack_making", "stall_keeping", 6_500, 5_000),
    ("tea_drinks", "coffee_making", 7_000, 7_000),
    ("bartending", "tea_drinks", 6_000, 5_000),
    ("front_desk", "reception", 8_500, 7_000),
    ("front_desk", "homestay_keeping", 7_000, 6_500),
    ("room_service", "homestay_keeping", 6_000, 6_500),
    ("room_service", "laundry", 5_500, 5_000),
    ("slaughtering", "meat_cutting", 7_500, 6_500),
    ("meat_cutting", "kitchen_prep", 6_500, 6_000),
    ("meat_cutting", "supermarket_fresh", 6_500, 5_000),
    ("maternity_care", "infant_care", 9_000, 7_000),
    ("maternity_care", "lactation_massage", 5_500, 6_000),
    ("infant_care", "childcare_assistance", 7_500, 7_500),
    ("patient_care", "companion_care", 7_500, 6_000),
    ("patient_care", "home_care", 8_000, 8_000),
    ("patient_care", "disability_care", 7_500, 7_500),
    ("nursing", "patient_care", 9_000, 4_000),
    ("nursing", "elder_care", 8_500, 4_000),
    ("nursing", "village_doctor", 5_000, 7_500),
    ("disinfection", "cleaning", 6_500, 5_500),
    ("disinfection", "pest_control", 6_000, 6_000),
    ("street_cleaning", "refuse_collection", 7_500, 8_000),
    ("facade_cleaning", "deep_cleaning", 8_000, 4_500),
    ("appliance_cleaning", "deep_cleaning", 7_000, 5_500),
    ("car_washing", "auto_detailing", 6_000, 7_500),
    ("landscaping", "flower_growing", 7_000, 7_000),
    ("landscaping", "tree_planting", 7_500, 7_000),
    ("forest_ranging", "tree_planting", 6_500, 6_000),
    ("property_management", "guarding", 5_000, 3_500),
    ("property_management", "customer_service", 6_500, 4_500),
    ("property_management", "community_work", 5_500, 5_500),
    ("fire_control_room", "cctv_monitoring", 8_500, 6_000),
    ("toll_collection", "cashier", 6_500, 6_000),
    ("parking_attendance", "toll_collection", 6_500, 7_500),
    ("security_screening", "loss_prevention", 6_000, 5_000),
    ("scenic_service", "ticket_service", 7_000, 7_000),
    ("scenic_service", "guide", 4_500, 7_500),
    ("railway_service", "ticket_service", 7_000, 6_000),
    ("bricklaying", "plastering", 7_500, 7_500),
    ("bricklaying", "tiling", 6_500, 6_500),
    ("bricklaying", "stone_masonry", 7_500, 7_500),
    ("plastering", "putty_work", 6_500, 6_000),
    ("painting", "putty_work", 8_000, 8_000),
    ("painting", "spray_painting", 5_500, 5_500),
    ("rebar_work", "formwork", 5_000, 5_000),
    ("formwork", "concrete_work", 5_500, 5_000),
    ("scaffolding", "steel_structure", 5_500, 6_000),
    ("steel_structure", "welding", 6_500, 6_500),
    ("welding", "door_window_fitting", 5_500, 4_000),
    ("welding", "sheet_metal", 6_000, 5_500),
    ("elevator_guardrail", "door_window_fitting", 7_000, 7_000),
    ("elevator_guardrail", "welding", 6_500, 6_500),
    ("site_management", "site_labour", 8_000, 2_500),
    ("site_management", "construction_documents", 5_500, 4_000),
    ("site_management", "surveying", 5_000, 5_000),
    ("excavator_operation", "loader_operation", 7_500, 5_500),
    ("loader_operation", "forklift_operation", 6_500, 5_500),
    ("loader_operation", "bulldozer_roller", 7_000, 7_000),
    ("crane_operation", "bridge_crane", 6_500, 5_500),
    ("mobile_crane", "bridge_crane", 6_500, 5_000),
    ("mixer_operation", "cement_products", 6_000, 4_500),
    ("cable_laying", "power_line_work", 6_000, 7_000),
    ("cable_laying", "telecom_line_work", 5_500, 5_500),
    ("electrician", "building_plumbing_electric", 6_500, 6_500),
    ("electrical_installation", "low_voltage_systems", 6_500, 6_000),
    ("low_voltage_systems", "network_engineering", 5_500, 5_000),
    ("lift_installation", "electrician", 6_500, 4_000),
    ("aircon_installation", "appliance_repair", 7_000, 6_500),
    ("mechatronics", "electrician", 7_000, 5_000),
    ("fitting", "assembly", 9_000, 4_500),
    ("fitting", "mould_making", 6_000, 7_500),
    ("lathe_turning", "cnc_lathe", 6_500, 7_500),
    ("lathe_turning", "milling", 6_500, 6_500),
    ("lathe_turning", "drilling_machine", 7_500, 5_000),
    ("lathe_turning", "planing_boring", 6_000, 6_500),
    ("milling", "cnc_operation", 6_000, 7_000),
    ("milling", "drilling_machine", 7_500, 5_000),
    ("grinding_machine", "milling", 5_500, 5_500),
    ("stamping", "sheet_metal", 6_500, 6_500),
    ("stamping", "die_cutting", 7_000, 6_500),
    ("sheet_metal", "auto_body_repair", 6_000, 6_500),
    ("wire_cutting", "mould_making", 5_500, 5_500),
    ("polishing", "wood_sanding", 7_000, 7_000),
    ("polishing", "deburring", 8_000, 6_000),
    ("spray_painting", "auto_body_repair", 5_500, 5_000),
    ("ship_building", "welding", 6_500, 5_500),
    ("ebike_repair", "motorcycle_repair", 6_500, 7_500),
    ("ebike_repair", "ebike_assembly", 8_000, 4_500),
    ("auto_repair", "auto_assembly", 7_500, 3_500),
    ("food_delivery", "courier", 7_500, 7_500),
    ("courier", "goods_delivery", 7_500, 7_500),
    ("courier", "parcel_handling", 8_000, 6_000),
    ("parcel_station", "parcel_handling", 7_500, 6_500),
    ("parcel_handling", "ecommerce_packing", 7_500, 7_500),
    ("parcel_handling", "order_picking", 7_500, 7_000),
    ("order_picking", "tallying", 8_000, 8_000),
    ("order_picking", "ecommerce_packing", 7_500, 7_500),
    ("loading", "parcel_handling", 6_500, 6_000),
    ("loading", "goods_delivery", 5_000, 7_000),
    ("forklift_operation", "warehouse_keeping", 5_500, 3_500),
    ("forklift_operation", "loading", 7_500, 2_500),
    ("logistics_coordination", "freight_forwarding", 6_500, 6_500),
    ("logistics_coordination", "office_clerk", 7_000, 5_500),
    ("warehouse_keeping", "office_clerk", 5_000, 3_500),
    ("statistics", "data_entry", 8_000, 6_500),
    ("cashier", "shop_sales", 7_500, 7_000),
    ("cashier", "cash_keeping", 4_000, 7_000),
    ("accounting", "cash_keeping", 9_000, 5_500),
    ("accounting", "statistics", 8_000, 4_500),
    ("stall_keeping", "shop_sales", 7_000, 6_500),
    ("farm_produce_trading", "purchasing", 5_500, 4_500),
    ("live_streaming", "stream_assistance", 7_500, 6_000),
    ("live_streaming", "sales", 7_000, 4_500),
    ("short_video", "media_operation", 7_500, 6_500),
    ("short_video", "product_photography", 6_500, 6_500),
    ("graphic_design", "product_photography", 5_000, 4_500),
    ("graphic_design", "advertising_production", 6_500, 5_000),
    ("office_software", "data_entry", 7_500, 8_000),
    ("office_software", "office_clerk", 6_500, 9_000),
    ("office_software", "data_labelling", 6_000, 8_000),
    ("data_entry", "typing", 8_500, 8_000),
    ("data_entry", "data_labelling", 7_500, 8_000),
    ("data_labelling", "content_moderation", 7_500, 7_500),
    ("human_resources", "labour_brokerage", 6_000, 5_500),
    ("software_development", "software_testing", 8_000, 5_000),
    ("computer_repair", "network_engineering", 6_000, 7_000),
    ("tea_picking", "fruit_picking", 7_500, 7_000),
    ("tea_growing", "tea_picking", 8_500, 6_000),
    ("fruit_growing", "fruit_picking", 9_000, 6_000),
    ("tobacco_growing", "tobacco_grading", 6_500, 5_000),
    ("tree_planting", "logging", 4_500, 5_500),
    ("fish_farming", "fishing", 5_500, 5_000),
    ("breeding_technique", "veterinary", 6_000, 6_500),
    ("pig_farming", "cattle_farming", 6_500, 6_500),
    ("cattle_farming", "sheep_farming", 7_500, 7_500),
    ("drone_operation", "crop_protection", 6_500, 3_000),
    ("farm_machine_operation", "excavator_operation", 3_500, 5_500),
    ("farm_machine_operation", "crop_farming", 7_500, 3_500),
    ("wild_gathering", "fruit_picking", 6_500, 6_500),
    ("wedding_service", "folk_performance", 5_000, 5_000),
    ("childcare_assistance", "domestic_work", 6_500, 3_500),
];

/// All links between built-in skills, both directions of each, in a fixed order. No pair of skills appears twice.
pub fn builtin_links() -> impl Iterator<Item = BuiltinLink> {
    let families = FAMILIES.iter().flat_map(|f| {
        f.kinds.iter().flat_map(|&kind| {
            [
                BuiltinLink { from: kind, to: f.wide, kind: SkillLinkKind::Broader, points: f.up },
                BuiltinLink { from: f.wide, to: kind, kind: SkillLinkKind::Narrower, points: f.down },
            ]
        })
    });
    let related = RELATED.iter().flat_map(|&(a, b, ab, ba)| {
        [
            BuiltinLink { from: a, to: b, kind: SkillLinkKind::Related, points: ab },
            BuiltinLink { from: b, to: a, kind: SkillLinkKind::Related, points: ba },
        ]
    });
    families.chain(related)
}
