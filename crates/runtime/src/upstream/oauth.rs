//! Tokens for an upstream: client credentials (RFC 6749 §4.4) and token exchange (RFC 8693).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::{Url, form_urlencoded};

use super::document::{self, Unfetched};
use super::options::UpstreamOptions;
use super::origin::Origin;
use super::{join, private};
use crate::error::{Error, Result, Retry};
use crate::headers::{Secret, Source, check_text};

/// The longest answer of a token endpoint.
const MAX_ANSWER: usize = 64 << 10;

/// Callers whose exchanged tokens are kept at once.
const MAX_SUBJECTS: usize = 4096;

/// A token endpoint that just failed is left alone this long; whoever waited for it shares the failure.
const PAUSE: Duration = Duration::from_secs(1);

/// The life of a token whose answer names none.
const UNSAID_LIFE: Duration = Duration::from_secs(300);

/// How the gateway shows who it is at the token endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// `client_id` and `client_secret` in the body.
    #[default]
    Body,
    /// HTTP Basic (RFC 6749 §2.3.1).
    Basic,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grant {
    /// A token for the gateway itself.
    #[default]
    ClientCredentials,
    /// A token in exchange for the one that the caller showed to the gateway.
    TokenExchange,
}

/// A token endpoint and what to say to it.
#[derive(Clone, Debug)]
pub struct OAuthOptions {
    /// Where tokens are made.
    pub token_url: Url,
    /// Whose tokens.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Option<Source>,
    /// How the client shows it.
    pub client_auth: ClientAuth,
    /// What is asked for.
    pub grant: Grant,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// Whom the token is for.
    pub audience: Option<String>,
    /// The same as a URI (RFC 8707).
    pub resource: Option<String>,
}

/// The tokens of one server, fetched when needed and kept until shortly before they expire.
pub struct OAuth {
    options: OAuthOptions,
    origin: Origin,
    timeout: Duration,
    slots: Mutex<HashMap<[u8; 32], Slot>>,
}

type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// What the last request came to.
#[derive(Clone)]
enum Kept {
    Token(Secret, Instant),
    Failure(Error, Instant),
}

impl OAuth {
    /// A source of tokens; time, TLS and `deny_private` are those of the server's upstream.
    ///
    /// # Errors
    /// When the URL is none that requests can be sent to, or TLS cannot be set up.
    pub fn new(options: OAuthOptions, upstream: &UpstreamOptions) -> Result<Self> {
        join::check_base(&options.token_url)?;
        private::check(&options.token_url, upstream.deny_private)?;
        Ok(Self {
            origin: Origin::new(&options.token_url, upstream)?,
            timeout: upstream.timeout,
            options,
            slots: Mutex::default(),
        })
    }

    /// A token. `subject` is the caller's own, which [`Grant::TokenExchange`] needs.
    ///
    /// # Errors
    /// Where the token endpoint gives none, without anything that it or the configuration said.
    pub async fn token(&self, subject: Option<&str>) -> Result<Secret> {
        let subject = match (self.options.grant, subject) {
            (Grant::ClientCredentials, _) => None,
            (Grant::TokenExchange, Some(subject)) => Some(subject),
            (Grant::TokenExchange, None) => {
                let message = "this server exchanges the caller's token for its own, and the caller showed none";
                return Err(Error::caller(message));
            }
        };
        let slot = self.slot(subject);
        // Held while a token is fetched, so that everyone else waits for that one.
        let mut kept = slot.lock().await;
        let now = Instant::now();
        match &*kept {
            Some(Kept::Token(token, until)) if now < *until => return Ok(token.clone()),
            Some(Kept::Failure(error, until)) if now < *until => return Err(error.clone()),
            _ => {}
        }
        match Box::pin(self.fetch(subject)).await {
            Ok((token, life)) => {
                // A token that ends on its way is refused, so it is given up a little earlier.
                let margin = (life / 10).min(Duration::from_secs(60));
                *kept = Some(Kept::Token(token.clone(), now + (life - margin)));
                Ok(token)
            }
            Err(error) => {
                *kept = Some(Kept::Failure(error.clone(), Instant::now() + PAUSE));
                Err(error)
            }
        }
    }

    /// The upstream refused this token: the next call fetches another. A token that was replaced meanwhile stays.
    pub async fn refused(&self, subject: Option<&str>, token: &Secret) {
        let subject = subject.filter(|_| self.options.grant == Grant::TokenExchange);
        let slot = self.slot(subject);
        let mut kept = slot.lock().await;
        if matches!(&*kept, Some(Kept::Token(own, _)) if own.expose() == token.expose()) {
            *kept = None;
        }
    }

    fn slot(&self, subject: Option<&str>) -> Slot {
        let key: [u8; 32] = Sha256::digest(subject.unwrap_or_default()).into();
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_SUBJECTS && !slots.contains_key(&key) {
            let now = Instant::now();
            slots.retain(|_, slot| {
                slot.try_lock().map_or(
                    true,
                    |kept| matches!(&*kept, Some(Kept::Token(_, until)) if now < *until),
                )
            });
            if slots.len() >= MAX_SUBJECTS {
                slots.clear();
            }
        }
        Arc::clone(slots.entry(key).or_default())
    }

    async fn fetch(&self, subject: Option<&str>) -> Result<(Secret, Duration)> {
        let options = &self.options;
        let secret = options.client_secret.as_ref().map(Source::current);
        let secret = secret.transpose()?;
        let mut headers = HeaderMap::new();
        if let (ClientAuth::Basic, Some(secret)) = (options.client_auth, &secret) {
            headers.insert(AUTHORIZATION, basic(&options.client_id, secret)?);
        }
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let body = Some(self.form(subject, secret.as_ref()).into());
        let fetching = document::exchange(
            &self.origin,
            Method::POST,
            &options.token_url,
            headers,
            body,
            MAX_ANSWER,
        );
        let fetched = tokio::time::timeout(self.timeout, fetching).await;
        let (status, answer) = match fetched.unwrap_or(Err(Unfetched::Unreachable)) {
            Ok((status, answer)) => (status.as_u16(), answer),
            Err(Unfetched::TooLong) => return Err(no_token("is too long")),
            Err(Unfetched::Unreachable) => return Err(unreachable()),
        };
        let answer = serde_json::from_slice(&answer).unwrap_or_default();
        if status != 200 {
            return Err(turned_down(status, &answer));
        }
        token(&answer)
    }

    fn form(&self, subject: Option<&str>, secret: Option<&Secret>) -> String {
        let options = &self.options;
        let mut form = form_urlencoded::Serializer::new(String::new());
        match subject {
            None => form.append_pair("grant_type", "client_credentials"),
            Some(subject) => form
                .append_pair(
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                )
                .append_pair("subject_token", subject)
                .append_pair(
                    "subject_token_type",
                    "urn:ietf:params:oauth:token-type:access_token",
                ),
        };
        if !options.scopes.is_empty() {
            form.append_pair("scope", &options.scopes.join(" "));
        }
        for (name, value) in [
            ("audience", &options.audience),
            ("resource", &options.resource),
        ] {
            if let Some(value) = value {
                form.append_pair(name, value);
            }
        }
        match (options.client_auth, secret) {
            (ClientAuth::Basic, Some(_)) => {}
            (_, secret) => {
                form.append_pair("client_id", &options.client_id);
                if let Some(secret) = secret {
                    form.append_pair("client_secret", secret.expose());
                }
            }
        }
        form.finish()
    }
}

fn token(answer: &Value) -> Result<(Secret, Duration)> {
    let Some(token) = answer["access_token"]
        .as_str()
        .filter(|text| !text.is_empty())
    else {
        return Err(no_token("holds no access token"));
    };
    let kind = answer["token_type"].as_str().unwrap_or("Bearer");
    // RFC 8693 §2.2.1 answers `N_A` for what is no access token at all.
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err(no_token("holds a token of another type than Bearer"));
    }
    if check_text(token.as_bytes()).is_err() {
        return Err(no_token("holds a token that no header can carry"));
    }
    let life = &answer["expires_in"];
    // Some endpoints write the number as text.
    let life = life.as_f64().or_else(|| life.as_str()?.parse().ok());
    let life = life
        .filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
        .map_or(UNSAID_LIFE, |seconds| {
            Duration::from_secs_f64(seconds.min(86_400.0))
        });
    Ok((Secret::new(token), life))
}

/// `error` is one of a few words (RFC 6749 §5.2); anything longer is not passed on.
fn turned_down(status: u16, answer: &Value) -> Error {
    let word = answer["error"].as_str().unwrap_or_default();
    let is_word = (1..=40).contains(&word.len())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let said = if is_word {
        format!(" ({word})")
    } else {
        String::new()
    };
    let message = format!("the token endpoint of this server answered {status}{said}");
    match status {
        500.. | 429 => Error::upstream(Retry::Maybe, message),
        _ => Error::gateway(message),
    }
}

fn no_token(what: &str) -> Error {
    Error::upstream(
        Retry::Maybe,
        format!("the answer of this server's token endpoint {what}"),
    )
}

fn unreachable() -> Error {
    Error::upstream(
        Retry::Maybe,
        "the token endpoint of this server cannot be reached",
    )
}

/// Both halves are form-encoded first (RFC 6749 §2.3.1).
fn basic(id: &str, secret: &Secret) -> Result<HeaderValue> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let text = format!("{}:{}", encoded(id), encoded(secret.expose()));
    let mut value: HeaderValue = format!("Basic {}", STANDARD.encode(text))
        .parse()
        .map_err(|_| Error::gateway("the client's credentials cannot be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
