//! The writer and the folder, over the log in memory and in paused time.

mod chance;
mod command;
mod fairness;
mod folder;
mod freshness;
mod index;
mod oracle;
mod refusals;
mod settling;
mod simulation;
mod snapshot;
mod sources;
mod timing;
mod world;
