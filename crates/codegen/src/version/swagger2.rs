//! Requests and answers of Swagger 2.0.

mod parameter;
mod request;
mod servers;
