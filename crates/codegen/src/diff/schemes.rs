//! Security schemes and requirements in words.

use std::collections::BTreeMap;

use openapiv3::{APIKeyLocation, OAuth2Flows, SecurityScheme as Known};

use crate::model::{Api, SecurityScheme};
use crate::text::one_line;

/// The schemes of a description by name: `apiKey in header X-TOKEN`.
pub(super) fn shown(api: &Api<'_>) -> BTreeMap<String, String> {
    let schemes = api.security_schemes.iter();
    schemes
        .map(|(name, scheme)| (name.clone(), one_line(&words(scheme), 600)))
        .collect()
}

fn words(scheme: &SecurityScheme) -> String {
    let known = match scheme {
        SecurityScheme::Known(known) => known.as_ref(),
        SecurityScheme::MutualTls => return "TLS client certificate".to_owned(),
        SecurityScheme::Other(kind) => return format!("unknown type {kind}"),
    };
    match known {
        Known::APIKey { location, name, .. } => {
            let place = match location {
                APIKeyLocation::Query => "query",
                APIKeyLocation::Header => "header",
                APIKeyLocation::Cookie => "cookie",
            };
            format!("apiKey in {place} {name}")
        }
        Known::HTTP { scheme, .. } => format!("http {}", scheme.to_ascii_lowercase()),
        Known::OAuth2 { flows, .. } => format!("oauth2{}", self::flows(flows)),
        Known::OpenIDConnect {
            open_id_connect_url,
            ..
        } => format!("openIdConnect {open_id_connect_url}"),
    }
}

/// Where tokens come from, and what they may be for.
fn flows(flows: &OAuth2Flows) -> String {
    let mut out = String::new();
    let mut flow = |name: &str, urls: &[&str], scopes: Vec<&String>| {
        out.push_str("; ");
        out.push_str(name);
        for url in urls.iter().filter(|url| !url.is_empty()) {
            out.push(' ');
            out.push_str(url);
        }
        if !scopes.is_empty() {
            let scopes: Vec<&str> = scopes.into_iter().map(String::as_str).collect();
            out.push_str(&format!(" ({})", scopes.join(", ")));
        }
    };
    if let Some(it) = &flows.implicit {
        flow(
            "implicit",
            &[&it.authorization_url],
            it.scopes.keys().collect(),
        );
    }
    if let Some(it) = &flows.password {
        flow("password", &[&it.token_url], it.scopes.keys().collect());
    }
    if let Some(it) = &flows.client_credentials {
        flow(
            "clientCredentials",
            &[&it.token_url],
            it.scopes.keys().collect(),
        );
    }
    if let Some(it) = &flows.authorization_code {
        let urls = [it.authorization_url.as_str(), it.token_url.as_str()];
        flow("authorizationCode", &urls, it.scopes.keys().collect());
    }
    out
}

/// What an operation asks for: alternatives, each of them one or several schemes.
pub(super) fn asked(security: &[Vec<(String, Vec<String>)>]) -> Vec<String> {
    let alternative = |schemes: &Vec<(String, Vec<String>)>| {
        let mut schemes: Vec<String> = schemes
            .iter()
            .map(|(name, scopes)| match scopes.is_empty() {
                true => one_line(name, 80),
                false => one_line(&format!("{name} ({})", scopes.join(", ")), 300),
            })
            .collect();
        // All of them are needed, in whatever order.
        schemes.sort();
        match schemes.is_empty() {
            true => "none".to_owned(),
            false => schemes.join(" + "),
        }
    };
    security.iter().map(alternative).collect()
}
