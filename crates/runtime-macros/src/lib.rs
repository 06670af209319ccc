//! `#[derive(Args)]`: reads the arguments of a tool function from JSON.
//!
//! Thin on purpose. A toolset has thousands of argument types, and each of them costs what its derive prints:
//! one call for each field or variant, everything else is in the runtime.
//!
//! ```ignore
//! #[derive(Args)]
//! struct ListItems {                       // an object
//!     limit: Option<Integer>,              // may be absent or null
//!     #[args(name = "x-token")]            // the name in JSON where it is not the field's
//!     x_token: Option<String>,
//! }
//!
//! #[derive(Args)]
//! enum Sort {                              // a closed list of strings
//!     #[args(name = "-price")]
//!     MinusPrice,
//! }
//!
//! #[derive(Args)]
//! #[args(tag = "petType")]                 // an object whose member `petType` says which
//! enum Pet {
//!     #[args(name = "cat")]
//!     Cat(Cat),
//!     #[args(name = "dog", name = "puppy")]
//!     Dog(Box<Dog>),
//! }
//! ```

mod expand;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Reads a struct with named fields, a closed list of strings, or a tagged union from JSON.
#[proc_macro_derive(Args, attributes(args))]
pub fn derive_args(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
