//! The identity vault: national numbers and names of persons, each under a key of its own.
