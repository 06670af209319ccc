//! Protocol errors: JSON-RPC codes and the HTTP status that each travels with.

use http::StatusCode;

use super::text::quoted;
use super::version::Version;

/// The error codes that may be emitted (2026-07-28, basic, "Error Codes"). No other code is ever sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The body is not JSON, or is JSON with two readings.
    Parse,
    /// The body is JSON, but not one well-formed message.
    InvalidRequest,
    /// There is no such method in the request's version.
    MethodNotFound,
    /// The parameters are malformed, name no tool, or hold a cursor that was never given out.
    InvalidParams,
    /// The request's `_meta` lacks what every request must carry.
    InvalidMeta,
    /// A defect of the gateway; the process lives on.
    Internal,
    /// A header contradicts the body or is missing.
    HeaderMismatch,
    /// The request asks for a version that is not spoken here.
    UnsupportedVersion,
}

impl Code {
    /// The number on the wire.
    pub const fn number(self) -> i32 {
        match self {
            Code::Parse => -32700,
            Code::InvalidRequest => -32600,
            Code::MethodNotFound => -32601,
            Code::InvalidParams | Code::InvalidMeta => -32602,
            Code::Internal => -32603,
            Code::HeaderMismatch => -32020,
            Code::UnsupportedVersion => -32022,
        }
    }

    /// The HTTP status of an answer that is this error.
    pub const fn status(self, version: Version) -> StatusCode {
        match self {
            Code::Parse
            | Code::InvalidRequest
            | Code::InvalidMeta
            | Code::HeaderMismatch
            | Code::UnsupportedVersion => StatusCode::BAD_REQUEST,
            Code::MethodNotFound if version.is_modern() => StatusCode::NOT_FOUND,
            Code::MethodNotFound | Code::InvalidParams | Code::Internal => StatusCode::OK,
        }
    }
}

/// A request refused by the protocol, with the sentence that says why.
#[derive(Debug)]
pub struct Refusal {
    /// Which mistake it is.
    pub code: Code,
    /// What is wrong and what to do.
    pub message: String,
    /// The `data` member, already JSON.
    pub data: Option<String>,
}

impl Refusal {
    /// A refusal without `data`.
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal {
            code,
            message: message.into(),
            data: None,
        }
    }

    /// A version that is not spoken here, with those that are.
    pub fn unsupported(requested: &str) -> Refusal {
        let requested: String = requested.chars().take(64).collect();
        let supported: Vec<String> = Version::ALL
            .iter()
            .map(|version| quoted(version.as_str()))
            .collect();
        Refusal {
            code: Code::UnsupportedVersion,
            message: "Unsupported protocol version".to_owned(),
            data: Some(format!(
                "{{\"supported\":[{}],\"requested\":{}}}",
                supported.join(","),
                quoted(&requested)
            )),
        }
    }
}
