//! The linked set.
