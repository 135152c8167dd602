//! What is decided in a small world is indexed, found, and computed again.

mod indexing;
mod reproducing;
mod searching;
mod world;
