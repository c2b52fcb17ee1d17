//! Writes the files the fuzz targets start from to `fuzz/corpus/TARGET/`.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let seeds = wangjia_fuzz::seeds();
    for (target, name, bytes) in &seeds {
        fs::create_dir_all(corpus.join(target))?;
        fs::write(corpus.join(target).join(name), bytes)?;
    }
    println!("{} files in {}", seeds.len(), corpus.display());
    Ok(())
}
