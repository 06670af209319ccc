//! Answers as bytes: written once, straight into their JSON text.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;

use super::code::Refusal;
use super::text::string;
use super::twin::Twin;
use super::version::Version;

/// What goes back for one body.
#[derive(Debug)]
pub enum Reply {
    /// 202 without a body: nothing wanted an answer.
    Accepted,
    /// A JSON text, in parts so that a list kept in memory is never copied.
    Json {
        /// The HTTP status.
        status: StatusCode,
        /// The text's parts, in order.
        parts: Vec<Bytes>,
        /// The compressed form of the second of three parts, for a caller who takes it.
        twin: Option<Arc<Twin>>,
    },
}

/// The result of a method, as JSON text.
#[derive(Debug)]
pub struct Payload {
    /// The text.
    pub text: Bytes,
    /// Its compressed form, for a caller who takes it.
    pub twin: Option<Arc<Twin>>,
}

impl From<Bytes> for Payload {
    fn from(text: Bytes) -> Payload {
        Payload { text, twin: None }
    }
}

impl Reply {
    /// A result that is already JSON text.
    pub fn result(id: &str, result: Payload) -> Reply {
        let before = [r#"{"jsonrpc":"2.0","id":"#, id, r#","result":"#].concat();
        Reply::Json {
            status: StatusCode::OK,
            parts: vec![Bytes::from(before), result.text, Bytes::from_static(b"}")],
            twin: result.twin,
        }
    }

    /// An error answer; `id` is the id's own JSON text where it could be read.
    pub fn error(version: Version, id: Option<&str>, refusal: &Refusal) -> Reply {
        let mut text = br#"{"jsonrpc":"2.0""#.to_vec();
        match id {
            Some(id) => text.extend_from_slice(format!(r#","id":{id}"#).as_bytes()),
            None if version.omits_unknown_id() => {}
            None => text.extend_from_slice(br#","id":null"#),
        }
        let code = refusal.code.number();
        text.extend_from_slice(format!(r#","error":{{"code":{code},"message":"#).as_bytes());
        string(&mut text, &refusal.message);
        if let Some(data) = &refusal.data {
            text.extend_from_slice(br#","data":"#);
            text.extend_from_slice(data.as_bytes());
        }
        text.extend_from_slice(b"}}");
        Reply::Json {
            status: refusal.code.status(version),
            parts: vec![Bytes::from(text)],
            twin: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::code::Code;
    use super::*;

    fn text(reply: Reply) -> (u16, String) {
        match reply {
            Reply::Json { status, parts, .. } => {
                (status.as_u16(), String::from_utf8(parts.concat()).unwrap())
            }
            Reply::Accepted => panic!("no body"),
        }
    }

    #[test]
    fn errors_echo_or_leave_out_the_id() {
        let refusal = Refusal::new(Code::MethodNotFound, "no \"such\" method");
        let rest = r#""error":{"code":-32601,"message":"no \"such\" method"}}"#;
        for (version, id, status, start) in [
            (
                Version::V2025_06_18,
                Some("\"a\""),
                200,
                r#"{"jsonrpc":"2.0","id":"a","#,
            ),
            (
                Version::V2025_06_18,
                None,
                200,
                r#"{"jsonrpc":"2.0","id":null,"#,
            ),
            (Version::V2025_11_25, None, 200, r#"{"jsonrpc":"2.0","#),
            (
                Version::V2026_07_28,
                Some("1"),
                404,
                r#"{"jsonrpc":"2.0","id":1,"#,
            ),
        ] {
            assert_eq!(
                text(Reply::error(version, id, &refusal)),
                (status, format!("{start}{rest}"))
            );
        }
    }
}
