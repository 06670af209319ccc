//! What a release is made of.

pub(crate) mod audit;
mod build;
mod elf;
mod graph;
pub(crate) mod licences;
pub(crate) mod sbom;

pub(crate) use build::Build;
pub(crate) use elf::Elf;
pub(crate) use graph::{Graph, Package};
