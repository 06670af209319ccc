//! `tools/call`: one way from a name and arguments to content.

use std::cell::OnceCell;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{HeaderMap, StatusCode};
use serde_json::value::RawValue;
use toolwright_runtime::{Answer, Arguments, Error, Fault, HeaderBag, Retry};

use super::content::{self, Outcome};
use super::context::Context;
use super::envelope::{self, Request};
use super::sentence::sentence;
use crate::gateway::discovery::{self, Step};
use crate::gateway::{Called, Found, ServedTool, Server};
use crate::protocol::code::{Code, Refusal};
use crate::protocol::mirror;
use crate::protocol::text::quoted;
use crate::protocol::version::Version;

/// Where tests let a call fail, to see that nothing else does.
#[cfg(test)]
use crate::testing::stage;

#[cfg(not(test))]
const fn stage(_: &str) {}

/// Calls a tool. Whatever goes wrong behind the tool's name is a result that says so; a panic is −32603.
///
/// # Errors
/// Where the request names no tool, or the gateway has a defect.
pub(super) async fn call(
    context: Context<'_>,
    version: Version,
    request: &Request<'_>,
) -> Result<Bytes, Refusal> {
    stage("read");
    let name = envelope::required_text(request.params.name, "name")?;
    let dress = Dress::of(context, version);
    let arguments = request.params.arguments;
    // What is no object fits no tool's schema; the call itself is malformed (2025-11-25, tools, "Error Handling").
    if arguments.is_some_and(|arguments| !arguments.get().starts_with(['{', 'n'])) {
        let message = "`params.arguments` must be an object";
        return Err(Refusal::new(Code::InvalidParams, message));
    }
    match context.endpoint.find(&context.gateway.servers, &name) {
        None => Err(unknown_tool(context, &name)),
        Some(Found::Operation(server, served)) => {
            if version.is_modern() && context.stdio.is_none() {
                let arguments = arguments.map(RawValue::get);
                mirror::check(&served.mirrored, context.headers, arguments)?;
            }
            operation(context, &dress, server, served, arguments).await
        }
        Some(Found::Meta(server, meta)) => match discovery::step(server, meta, arguments) {
            Ok(Step::Call(served, arguments)) => {
                operation(context, &dress, server, served, arguments.as_deref()).await
            }
            // What is told about operations is a call of a tool, too.
            Ok(Step::Said(text)) => Ok(match may_go_on(server) {
                Ok(()) => dress.said(&text, false),
                Err(error) => dress.said(&sentence(&error, &name), true),
            }),
            Err(text) => Ok(dress.said(&text, true)),
        },
    }
}

/// Calls an operation of a server for somebody who does not speak MCP: the result alone, without what a version adds.
///
/// # Errors
/// Where the gateway has a defect.
pub async fn rest(
    context: Context<'_>,
    server: &Server,
    served: &ServedTool,
    arguments: Option<&RawValue>,
) -> Result<Bytes, Refusal> {
    let dress = Dress {
        version: Version::V2026_07_28,
        common: "",
        meta: String::new(),
    };
    operation(context, &dress, server, served, arguments).await
}

/// What a version adds to every result.
struct Dress {
    version: Version,
    common: &'static str,
    meta: String,
}

impl Dress {
    fn of(context: Context<'_>, version: Version) -> Dress {
        let (common, meta) = if version.is_modern() {
            (
                "\"resultType\":\"complete\",",
                context.endpoint.result_meta(),
            )
        } else {
            ("", String::new())
        };
        Dress {
            version,
            common,
            meta,
        }
    }

    /// The same, and what becomes of the caller's headers where that is asked and may be told.
    fn explained(&self, context: Context<'_>, server: &Server, tool: &str) -> Dress {
        let mut meta = self.meta.clone();
        let asked = || context.headers.get("x-toolwright-debug");
        if server.debug_headers && asked().is_some_and(|asked| asked == "headers") {
            let verdicts = server.policy.verdicts(tool, context.headers);
            let verdicts: Vec<String> = verdicts
                .iter()
                .map(|(name, verdict)| format!("{}:{}", quoted(name.as_str()), quoted(verdict)))
                .collect();
            if !meta.is_empty() {
                meta.push(',');
            }
            meta.push_str(&format!(
                "\"toolwright/headers\":{{{}}}",
                verdicts.join(",")
            ));
        }
        Dress {
            version: self.version,
            common: self.common,
            meta,
        }
    }

    fn said(&self, text: &str, failed: bool) -> Bytes {
        Bytes::from(content::said(text, failed, self.common, &self.meta).text)
    }
}

/// One call of one operation, counted and logged.
async fn operation(
    context: Context<'_>,
    dress: &Dress,
    server: &Server,
    served: &ServedTool,
    arguments: Option<&RawValue>,
) -> Result<Bytes, Refusal> {
    let dress = &dress.explained(context, server, served.tool.name);
    let called = Called {
        key: context.caller.map(|caller| caller.name.as_str()),
        server: &server.name,
        tool: served.tool.name,
        started: Instant::now(),
    };
    let under_way = server.counters.begin(called);
    let outcome = pin!(run(context, dress, server, served, arguments));
    let outcome = AssertUnwindSafe(outcome).catch_unwind().await;
    let (ms, counters) = (called.ms(), &server.counters);
    under_way.end();
    let Called {
        key, server, tool, ..
    } = called;
    match outcome {
        Ok(Done {
            outcome,
            status,
            sent,
        }) => {
            if outcome.failed {
                counters.failed.fetch_add(1, Ordering::Relaxed);
            }
            if outcome.undescribed {
                counters.undescribed.fetch_add(1, Ordering::Relaxed);
            }
            let bytes = outcome.text.len();
            let (forwarded, upstream_ms) = (sent.forwarded, sent.upstream.map(millis));
            tracing::info!(
                key,
                server,
                tool,
                status,
                error = outcome.failed,
                undescribed = outcome.undescribed.then_some(true),
                ms,
                upstream_ms,
                bytes,
                forwarded,
                "call"
            );
            stage("write");
            Ok(Bytes::from(outcome.text))
        }
        Err(_) => {
            counters.failed.fetch_add(1, Ordering::Relaxed);
            tracing::error!(
                key,
                server,
                tool,
                ms,
                "the call panicked; this is a defect of the gateway"
            );
            Err(Refusal::new(
                Code::Internal,
                "the gateway failed while it handled this call",
            ))
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// A finished call, with what is logged about it.
struct Done {
    outcome: Outcome,
    /// The upstream's status, if it answered.
    status: Option<u16>,
    /// What is known of the request.
    sent: Sent,
}

/// A request on its way, for the log.
#[derive(Default)]
struct Sent {
    /// Names of the headers that went upstream besides the arguments'.
    forwarded: String,
    /// How long the upstream took, from the first byte sent to the last received.
    upstream: Option<Duration>,
}

async fn run(
    context: Context<'_>,
    dress: &Dress,
    server: &Server,
    served: &ServedTool,
    arguments: Option<&RawValue>,
) -> Done {
    let (common, common_meta) = (dress.common, &dress.meta);
    let mut sent = Sent::default();
    match send(context, server, served, arguments, &mut sent).await {
        Ok(answer) => {
            stage("map");
            let upstream = content::Upstream {
                status: answer.status,
                headers: &answer.headers,
                body: &answer.body,
                truncated: answer.truncated,
            };
            let declared = served.listing.output.as_ref();
            let view = content::View {
                version: dress.version,
                uri: &served.uri,
                origin: &server.origin,
                keep: &server.keep,
                head: served.tool.method() == "HEAD",
                declared: declared.filter(|_| server.declares()),
            };
            Done {
                outcome: content::result(&upstream, &view, common, common_meta),
                status: Some(answer.status.as_u16()),
                sent,
            }
        }
        Err(error) => Done {
            outcome: content::fault(&sentence(&error, served.tool.name), common, common_meta),
            status: None,
            sent,
        },
    }
}

/// The headers of a call, in which there is no key to this gateway.
fn filled(
    context: Context<'_>,
    server: &Server,
    tool: &str,
    inbound: &HeaderMap,
) -> Result<HeaderBag, Error> {
    // Looked at once for all words of all headers, and not at all where no header goes on.
    let keys = OnceCell::new();
    let is_key = |word: &str| {
        let keys = keys.get_or_init(|| context.gateway.keys().now());
        // Where `Authorization` goes on although tokens come in it, the operator has set that aside.
        keys.contain(word) || (!server.forwards_authorization && context.gateway.is_token(word))
    };
    let policy = &server.policy;
    policy.fill_guarded(tool, inbound, context.key, &is_key)
}

/// Counts a call against the rate of its server.
fn may_go_on(server: &Server) -> Result<(), Error> {
    let taken = server.rate.as_ref().map_or(Ok(()), |rate| rate.take());
    taken.map_err(|wait| {
        let message = "this server is called as often as it may be";
        Error::new(Fault::Caller, Retry::After(wait), message)
    })
}

/// Headers, arguments, request, upstream.
async fn send(
    context: Context<'_>,
    server: &Server,
    served: &ServedTool,
    arguments: Option<&RawValue>,
    sent: &mut Sent,
) -> Result<Answer, Error> {
    let tool = served.tool;
    let text = arguments.map(RawValue::get);
    if text.is_some_and(|text| text.len() > server.max_arguments_bytes) {
        let limit = server.max_arguments_bytes;
        return Err(Error::caller(format!(
            "the arguments are longer than {limit} bytes"
        )));
    }
    may_go_on(server)?;
    let inbound = match context.stdio {
        Some(stdio) => stdio.headers.get(&server.name).unwrap_or(context.headers),
        None => context.headers,
    };
    stage("fill");
    let mut bag = filled(context, server, tool.name, inbound)?;
    served.needs.check(&bag)?;
    stage("check");
    let schema = served.schema().map_err(Clone::clone)?;
    let arguments = Arguments::parse(text)?;
    let converted = if server.coerce_arguments {
        schema.coerce(&arguments)
    } else {
        None
    };
    let text = converted.as_deref().or(text);
    let arguments = match &converted {
        Some(text) => Arguments::parse(Some(text))?,
        None => arguments,
    };
    schema.check(&arguments)?;
    // A place for the whole call: who waits for a token is under way, too.
    let turn = server.upstream.turn()?;
    let oauth = server.oauth.as_deref().filter(|_| bag.wants_grant());
    // A gateway key is no token, and goes to no token endpoint.
    let by_token = context.caller.is_some_and(|caller| caller.by_token);
    let subject = context.key.filter(|_| by_token);
    let mut token = None;
    if let Some(oauth) = oauth {
        let fetched = oauth.token(subject).await?;
        bag.grant(&fetched)?;
        token = Some(fetched);
    }
    let request = (tool.call)(&bag, arguments)?;
    if tracing::enabled!(tracing::Level::INFO) {
        sent.forwarded = bag.names().collect::<Vec<_>>().join(",");
    }
    let report = |bytes, total| {
        stage("receive");
        if let Some(progress) = context.progress {
            progress.report(bytes, total);
        }
    };
    let started = Instant::now();
    let answer = turn.send_with(request, report).await;
    sent.upstream = Some(started.elapsed());
    let answer = answer?;
    let (Some(oauth), Some(token), StatusCode::UNAUTHORIZED) = (oauth, token, answer.status) else {
        return Ok(answer);
    };
    // A token may end before its time. What was refused was not done, so that it may be sent once more.
    oauth.refused(subject, &token).await;
    bag.grant(&oauth.token(subject).await?)?;
    let request = (tool.call)(&bag, Arguments::parse(text)?)?;
    let answer = turn.send_with(request, report).await;
    sent.upstream = Some(started.elapsed());
    answer
}

/// There is no such tool; the nearest name is offered.
fn unknown_tool(context: Context<'_>, name: &str) -> Refusal {
    let shown: String = name.chars().take(128).collect();
    let near = context
        .endpoint
        .listed()
        .map(|listed| (strsim::damerau_levenshtein(listed, &shown), listed))
        .filter(|(distance, listed)| *distance <= (listed.len() / 3).max(1))
        .min();
    let mut message = format!("Unknown tool: {}", quoted(&shown));
    if let Some((_, near)) = near {
        message.push_str(&format!("; did you mean {}?", quoted(near)));
    }
    Refusal::new(Code::InvalidParams, message)
}
