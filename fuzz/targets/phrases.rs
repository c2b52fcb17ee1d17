#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wangjia_fuzz::phrases(bytes));
