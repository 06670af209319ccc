//! Security schemes as the runtime names them.

use openapiv3::{APIKeyLocation, SecurityScheme as Known};

use crate::ir::{Security, SecurityValue};
use crate::model::{Api, Operation, SecurityScheme};

pub(super) fn schemes(api: &Api<'_>) -> Vec<Security> {
    api.security_schemes
        .iter()
        .map(|(name, scheme)| one(name, scheme))
        .collect()
}

/// The names of the schemes that an operation asks for. Alternatives that differ in nothing but scopes are one.
pub(super) fn asked(operation: &Operation<'_>) -> Vec<Vec<String>> {
    let names = |schemes: &Vec<(String, Vec<String>)>| {
        let mut names: Vec<String> = Vec::new();
        for (name, _) in schemes {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    };
    let mut asked: Vec<Vec<String>> = Vec::new();
    for names in operation.security.iter().map(names) {
        if !asked.contains(&names) {
            asked.push(names);
        }
    }
    asked
}

/// The request headers in which credentials are sent.
pub(super) fn headers(api: &Api<'_>) -> Vec<String> {
    let mut headers: Vec<String> = Vec::new();
    for (_, scheme) in &api.security_schemes {
        let header = match scheme {
            SecurityScheme::MutualTls | SecurityScheme::Other(_) => continue,
            SecurityScheme::Known(known) => match known.as_ref() {
                Known::APIKey {
                    location: APIKeyLocation::Header,
                    name,
                    ..
                } => name.as_str(),
                Known::APIKey { .. } => continue,
                Known::HTTP { .. } | Known::OAuth2 { .. } | Known::OpenIDConnect { .. } => {
                    "Authorization"
                }
            },
        };
        if !headers
            .iter()
            .any(|other| other.eq_ignore_ascii_case(header))
        {
            headers.push(header.to_owned());
        }
    }
    headers
}

fn one(name: &str, scheme: &SecurityScheme) -> Security {
    let text = |text: &str| SecurityValue::Text(text.to_owned());
    let mut fields = vec![("name", text(name))];
    let kind = match scheme {
        SecurityScheme::MutualTls => "MutualTls",
        SecurityScheme::Other(kind) => {
            fields.push(("kind", text(kind)));
            "Other"
        }
        SecurityScheme::Known(known) => match known.as_ref() {
            Known::APIKey {
                location,
                name: parameter,
                ..
            } => {
                let place = match location {
                    APIKeyLocation::Header => "Place::Header",
                    APIKeyLocation::Query => "Place::Query",
                    APIKeyLocation::Cookie => "Place::Cookie",
                };
                fields.extend([
                    ("place", SecurityValue::Path(place)),
                    ("parameter", text(parameter)),
                ]);
                "ApiKey"
            }
            Known::HTTP { scheme, .. } => match scheme.to_ascii_lowercase().as_str() {
                "basic" => "Basic",
                "bearer" => "Bearer",
                _ => {
                    fields.push(("kind", text(scheme)));
                    "Other"
                }
            },
            Known::OAuth2 { .. } => "OAuth2",
            Known::OpenIDConnect { .. } => "OpenIdConnect",
        },
    };
    Security { kind, fields }
}
