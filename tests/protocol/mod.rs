//! The checklist of the specification, one test for each row, against the built binary. The names begin with the row:
//! `l` lifecycle and versions, `h` Streamable HTTP, `e` JSON-RPC and errors, `t` lists and tools, `u` utilities, and
//! `row` of the list of threats. docs/protocol.md says what each row demands and where those are that have their test
//! elsewhere.

mod arguments;
mod bombs;
mod calls;
mod differential;
mod disconnect;
mod envelopes;
mod lifecycle;
mod lists;
mod modern;
mod pipes;
mod transport;
mod utilities;
