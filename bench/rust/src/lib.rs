//! Nothing: all that is here is in `benches`.
