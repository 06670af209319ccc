//! Security schemes in a few words.

use toolwright_runtime::SecurityScheme;

/// A scheme by its name and its kind.
pub(super) fn scheme(scheme: &SecurityScheme) -> String {
    format!("{} ({})", scheme.name(), kind(scheme))
}

/// How a scheme's credential travels, in a few words.
pub(super) fn kind(scheme: &SecurityScheme) -> String {
    match scheme {
        SecurityScheme::ApiKey {
            place, parameter, ..
        } => {
            let place = format!("{place:?}").to_lowercase();
            format!("API key in {place} {parameter}")
        }
        SecurityScheme::Basic { .. } => "Basic".to_owned(),
        SecurityScheme::Bearer { .. } => "Bearer".to_owned(),
        SecurityScheme::OAuth2 { .. } => "OAuth 2".to_owned(),
        SecurityScheme::OpenIdConnect { .. } => "OpenID Connect".to_owned(),
        SecurityScheme::MutualTls { .. } => "mutual TLS".to_owned(),
        SecurityScheme::Other { kind, .. } => (*kind).to_owned(),
    }
}
