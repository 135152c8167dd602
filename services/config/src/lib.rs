//! Configuration: defaults, then `fullmakt.toml`, then `FULLMAKT_…` variables.
