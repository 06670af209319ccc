//! Which operations lack a credential under a configuration, and what to configure.

use toolwright_runtime::{Filled, Need, Place, SecurityScheme};

use super::scheme::scheme;
use crate::gateway::{ServedTool, Server};

/// Tools that lack the same.
struct Group {
    what: String,
    help: String,
    tools: Vec<&'static str>,
}

/// What tools lack, and what their callers must bring; nothing where the operator gives all. `most` names are shown for
/// each group.
pub(super) fn text(server: &Server, most: usize) -> String {
    let (mut lacking, mut left) = (Vec::new(), Vec::new());
    for served in &server.tools {
        let tool = served.tool.name;
        for name in &served.needs.unfilled {
            let help = format!("extra_headers: [{name}], or static_headers: {{{name}: …}}");
            add(&mut lacking, tool, format!("the header {name}"), help);
        }
        let Some(needs) = served.needs.nearest() else {
            continue;
        };
        let open = |filled| needs.iter().filter(move |need| need.filled == filled);
        let nobody: Vec<&Need> = open(Filled::Nobody).collect();
        let caller: Vec<&Need> = open(Filled::Caller).collect();
        if !nobody.is_empty() {
            let what = format!("{}{}", named(&nobody), among(served));
            add(&mut lacking, tool, what, configure(server, served, &nobody));
        } else if !caller.is_empty() {
            let what = format!("{}{}", named(&caller), among(served));
            add(&mut left, tool, what, bring(server, &caller));
        }
    }
    let count = server
        .tools
        .iter()
        .filter(|tool| tool.needs.lacks())
        .count();
    let mut text = String::new();
    let all = server.tools.len();
    if !lacking.is_empty() {
        text.push_str(&format!(
            "  tools that lack a credential: {count} of {all}\n"
        ));
        lacking
            .iter()
            .for_each(|group| group.print(&mut text, most));
    }
    if !left.is_empty() {
        let count: usize = left.iter().map(|group| group.tools.len()).sum();
        text.push_str(&format!(
            "  tools whose callers bring a credential: {count} of {all}\n"
        ));
        left.iter().for_each(|group| group.print(&mut text, most));
    }
    text
}

fn add(groups: &mut Vec<Group>, tool: &'static str, what: String, help: String) {
    let mut known = groups.iter_mut();
    match known.find(|group| group.what == what && group.help == help) {
        Some(group) => group.tools.push(tool),
        None => groups.push(Group {
            what,
            help,
            tools: vec![tool],
        }),
    }
}

impl Group {
    fn print(&self, text: &mut String, most: usize) {
        let shown: Vec<&str> = self.tools.iter().take(most).copied().collect();
        let more = match self.tools.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more, which --explain names"),
        };
        text.push_str(&format!(
            "    {}: {}{more}\n      {}\n",
            self.what,
            shown.join(", "),
            self.help
        ));
    }
}

fn named(needs: &[&Need]) -> String {
    let name = |need: &&Need| match need.scheme {
        Some(own) => scheme(own),
        None => format!("{} (not declared)", need.name),
    };
    let names: Vec<String> = needs.iter().map(name).collect();
    names.join(" and ")
}

/// An API may take one of several credentials; the nearest of them is named.
fn among(served: &ServedTool) -> String {
    match served.needs.security.len() {
        0 | 1 => String::new(),
        count => format!(", the nearest of {count} alternatives"),
    }
}

/// What the operator can do.
fn configure(server: &Server, served: &ServedTool, needs: &[&Need]) -> String {
    let keys = server.toolset.security.iter();
    let keys = keys.filter(|own| matches!(own, SecurityScheme::ApiKey { .. }));
    let several = keys.count() > 1;
    let mut room = server.policy.has_room();
    let helps = needs.iter().map(|need| {
        let free = std::mem::replace(&mut room, false);
        let key = match several {
            true => format!("auth_type: api_key, security_scheme: {}, auth_value: …", need.name),
            false => "auth_type: api_key, auth_value: …".to_owned(),
        };
        let authorization = |auth: &str, start: &str| {
            let taken = server.policy.owns_for(served.tool.name, "authorization");
            match (free, taken) {
                (true, _) => format!("auth_type: {auth}, auth_value: …"),
                (false, false) => format!("static_headers: {{Authorization: {start}…}}"),
                (false, true) => second(auth),
            }
        };
        match need.scheme {
            None => "the description does not say how it travels; by static_headers or extra_headers perhaps".to_owned(),
            Some(SecurityScheme::ApiKey { place: Place::Header, parameter, .. }) => match free {
                true => format!("{key}; or extra_headers: [{parameter}]"),
                false => format!("static_headers: {{{parameter}: …}}, or extra_headers: [{parameter}]"),
            },
            Some(SecurityScheme::ApiKey { .. }) if free => key,
            Some(SecurityScheme::ApiKey { place: Place::Cookie, parameter, .. }) => {
                format!("static_headers: {{Cookie: {parameter}=…}}")
            }
            Some(SecurityScheme::ApiKey { .. }) => second("api_key"),
            Some(SecurityScheme::Basic { .. }) => authorization("basic", "Basic "),
            Some(SecurityScheme::OAuth2 { .. }) => match free {
                true => "auth_type: oauth2 with token_url and client_id, or bearer_token".to_owned(),
                false => authorization("oauth2", "Bearer "),
            },
            Some(SecurityScheme::Bearer { .. } | SecurityScheme::OpenIdConnect { .. }) => {
                authorization("bearer_token", "Bearer ")
            }
            Some(SecurityScheme::Other { .. }) => authorization("authorization", ""),
            Some(SecurityScheme::MutualTls { .. }) => {
                room = free;
                "client_cert_file and client_key_file".to_owned()
            }
        }
    });
    let helps: Vec<String> = helps.collect();
    helps.join("; and ")
}

fn second(auth: &str) -> String {
    format!(
        "a server has one auth_type: another entry of mcp_servers, with auth_type: {auth}, can serve them"
    )
}

/// Where callers put it.
fn bring(server: &Server, needs: &[&Need]) -> String {
    let places = needs.iter().map(|need| match need.header() {
        Some(name) if name.eq_ignore_ascii_case("authorization") => {
            let listed = server
                .policy
                .forwards(name)
                .then(|| "Authorization".to_owned());
            let explicit = server
                .policy
                .takes_caller_auth()
                .then(|| format!("x-mcp-{}-authorization or x-mcp-auth", server.name));
            let places: Vec<String> = listed.into_iter().chain(explicit).collect();
            format!("in {}", places.join(", "))
        }
        Some(name) => format!("in {name}"),
        None => "in Cookie".to_owned(),
    });
    let places: Vec<String> = places.collect();
    places.join("; and ")
}
