//! Who may call: schemes and requirements.

use serde_json::{Map, Value, json};
use toolwright_document::Cursor;

use super::operation::Security;
use super::reader::{Edition, Reader};
use crate::model::SecurityScheme;

impl<'d> Reader<'d, '_> {
    /// The requirements of the document or of an operation; `None` where nothing is said.
    pub(super) fn security(&mut self, node: Cursor<'d>) -> Option<Security> {
        let security = self.array(node, "security")?;
        let mut out = Vec::new();
        for alternative in security.items() {
            if !alternative.is_object() {
                let what = super::reader::article(alternative);
                self.warn(
                    alternative,
                    format!("a security requirement must be an object, but this is {what}"),
                );
                continue;
            }
            if !self.charge(node, 1 + alternative.len(), 0) {
                break;
            }
            let schemes = alternative.entries().map(|(key, scopes)| {
                let name = self.required_scheme(key, scopes);
                let scopes = scopes
                    .items()
                    .filter_map(Cursor::as_text)
                    .map(str::to_owned);
                (name, scopes.collect())
            });
            out.push(schemes.collect());
        }
        Some(out)
    }

    /// The scheme that a requirement means. A name that is declared goes first; since 3.1 people also write references,
    /// and 3.2 §4.30 says so.
    fn required_scheme(&mut self, key: &str, at: Cursor<'d>) -> String {
        if self.schemes.iter().any(|(name, _)| name == key) {
            return key.to_owned();
        }
        if self.edition >= Edition::V31
            && key.contains(['/', '#'])
            && let Ok(target) = self.documents.resolve(at, key)
            && let Ok(node) = self.documents.follow(target)
            && node.is_object()
        {
            // What is declared may be a reference itself.
            let is_meant = |scheme: Cursor<'d>| {
                let behind = self.documents.follow(scheme);
                scheme == target || behind.is_ok_and(|behind| behind == node)
            };
            let known = self.schemes.iter();
            let mut known = known.filter(|(_, scheme)| is_meant(*scheme));
            if let Some((name, _)) = known.next() {
                return name.clone();
            }
            let scheme = self.security_scheme(node);
            self.schemes.push((key.to_owned(), node));
            self.referred.push((key.to_owned(), scheme));
            return key.to_owned();
        }
        let names: Vec<&str> = self.schemes.iter().map(|(name, _)| name.as_str()).collect();
        let help = match names.as_slice() {
            [] => "declare it: the description has no security scheme".to_owned(),
            names => format!("declared are {}", names.join(", ")),
        };
        let shown = super::reader::short(key);
        self.warn(at, format!("the security scheme {shown} is not declared"))
            .help(help);
        key.to_owned()
    }

    pub(super) fn security_schemes(&mut self, root: Cursor<'d>) -> Vec<(String, SecurityScheme)> {
        let schemes = match self.edition {
            Edition::V2 => self.object(root, "securityDefinitions"),
            _ => self
                .object(root, "components")
                .and_then(|it| self.object(it, "securitySchemes")),
        };
        let mut out = Vec::new();
        for (name, scheme) in schemes.into_iter().flat_map(Cursor::entries) {
            if name.starts_with("x-") && !scheme.is_object() {
                continue;
            }
            self.schemes.push((name.to_owned(), scheme));
            if let Some(scheme) = self.object_behind(scheme, "a security scheme") {
                out.push((name.to_owned(), self.security_scheme(scheme)));
            }
        }
        self.breaks.clear();
        out
    }

    fn security_scheme(&mut self, node: Cursor<'d>) -> SecurityScheme {
        let kind = self.text(node, "type").unwrap_or_default();
        let text = |key: &str| node.get(key).and_then(Cursor::as_text);
        let description = text("description");
        let known = match kind.as_str() {
            "mutualTLS" => return SecurityScheme::MutualTls,
            "basic" => json!({"type": "http", "scheme": "basic"}),
            "http" => {
                json!({"type": "http", "scheme": text("scheme"), "bearerFormat": text("bearerFormat")})
            }
            "apiKey" => {
                let place = text("in").map(str::to_ascii_lowercase);
                json!({"type": "apiKey", "in": place, "name": text("name")})
            }
            "openIdConnect" => {
                json!({"type": "openIdConnect", "openIdConnectUrl": text("openIdConnectUrl").unwrap_or_default()})
            }
            "oauth2" => json!({"type": "oauth2", "flows": flows(node)}),
            _ => Value::Null,
        };
        let mut known = known;
        if let (Some(description), Value::Object(fields)) = (description, &mut known) {
            fields.insert("description".to_owned(), description.into());
        }
        if let Ok(scheme) = serde_json::from_value(known) {
            return SecurityScheme::Known(Box::new(scheme));
        }
        let message = match kind.as_str() {
            "http" => "a security scheme of type http needs a `scheme`".to_owned(),
            "apiKey" => "a security scheme of type apiKey needs a `name`, and `in` as header, query or cookie".to_owned(),
            kind => format!("a security scheme of an unknown type `{kind}`"),
        };
        self.warn(node, message);
        SecurityScheme::Other(kind)
    }
}

/// The flows of OAuth 2 in the form of OpenAPI 3.0, complete as openapiv3 wants them: only who a flow is for
/// matters here, so that a missing address is no reason to lose the scheme.
fn flows(node: Cursor<'_>) -> Value {
    let mut out = Map::new();
    if let Some(flow) = node.get("flow").and_then(Cursor::as_str) {
        let name = match flow {
            "application" => "clientCredentials",
            "accessCode" => "authorizationCode",
            flow => flow,
        };
        out.insert(name.to_owned(), flow_of(node));
    }
    for (name, flow) in node.get("flows").into_iter().flat_map(Cursor::entries) {
        if !name.starts_with("x-") {
            out.insert(name.to_owned(), flow_of(flow));
        }
    }
    out.retain(|name, _| {
        matches!(
            name.as_str(),
            "implicit" | "password" | "clientCredentials" | "authorizationCode"
        )
    });
    Value::Object(out)
}

fn flow_of(node: Cursor<'_>) -> Value {
    let text = |key: &str| node.get(key).and_then(Cursor::as_text);
    let scopes = node.get("scopes").into_iter().flat_map(Cursor::entries);
    let scopes: Map<String, Value> = scopes
        .map(|(scope, about)| (scope.to_owned(), about.as_text().unwrap_or_default().into()))
        .collect();
    json!({
        "authorizationUrl": text("authorizationUrl").unwrap_or_default(),
        "tokenUrl": text("tokenUrl").unwrap_or_default(),
        "refreshUrl": text("refreshUrl"),
        "scopes": scopes,
    })
}
