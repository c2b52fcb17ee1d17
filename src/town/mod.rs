//! A believable community from a seed: the demo and the benchmarks live on it.
