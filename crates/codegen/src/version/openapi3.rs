//! Requests and answers of OpenAPI 3.0, 3.1 and 3.2.

mod content;
mod parameter;
