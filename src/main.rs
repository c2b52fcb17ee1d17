//! The program `wangjia`: everything is in the library.

fn main() {}
