//! The gateway with the toolsets of this workspace linked in.
fn main() {}
