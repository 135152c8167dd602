//! The writer and the folder, over the log in memory and in paused time.

mod command;
mod fairness;
mod folder;
mod freshness;
mod refusals;
mod settling;
mod sources;
mod timing;
mod world;
