//! LiteLLM's keys that are not read, and why. docs/from-litellm.md lists them all.

use toolwright_document::Cursor;

use super::reader::Reader;

/// Keys of a server that change nothing here.
const IGNORED: &[&str] = &[
    "mcp_info",
    "server_id",
    "allow_all_keys",
    "allow_elicitation",
    "allow_sampling",
    "byok_api_key_help_url",
    "byok_description",
    "created_at",
    "created_by",
    "protocol_version",
    "source_url",
    "spec_version",
    "updated_at",
    "updated_by",
];

const PROCESSES: &str = "only API descriptions are served here, no processes";
const AWS: &str = "requests are not signed for AWS";
const NO_USERS: &str = "nothing is stored for users; callers bring their credential with each call";
const NO_LOGIN: &str =
    "nobody is sent to log in; the gateway fetches tokens for itself, or exchanges the caller's";
const NO_RELAY: &str =
    "the gateway is no authorization server and stands in for none; use gateway_keys or jwt";
const IN_TOOLSET: &str =
    "names and descriptions of tools are chosen in toolset.toml, where they are reviewed";
const ASSERTIONS: &str = "token endpoints are shown client_id and client_secret, nothing signed";
const ONE_NAME: &str = "a server has one name here: rename the entry";
const KEYS_FOR_CALLERS: &str = "who may use what is said by gateway_keys and by the rules of jwt";
const CREDENTIAL_HEADER: &str =
    "callers show their credential for an API in x-mcp-auth or x-mcp-{server}-authorization";
const BY_ADDRESS: &str = "callers are not told apart by their address";
const BY_CLIENT: &str = "callers are not told apart by the program they use";
const KEY_HEADER: &str = "keys are read from x-litellm-api-key and x-toolwright-key";
const TOKENS: &str = "tokens that let callers in are described by `jwt`";

/// Keys of a server whose absence would change what a configuration allows or does.
const REFUSED: &[(&str, &str)] = &[
    ("alias", ONE_NAME),
    ("server_name", ONE_NAME),
    ("command", PROCESSES),
    ("args", PROCESSES),
    ("env", PROCESSES),
    ("available_on_public_internet", BY_ADDRESS),
    ("authorization_url", NO_LOGIN),
    (
        "registration_url",
        "clients are not registered; configure client_id and client_secret",
    ),
    (
        "issuer",
        "token endpoints are not discovered; configure token_url",
    ),
    (
        "delegate_auth_to_upstream",
        "a caller is never let in on an upstream's word; use gateway_keys or jwt",
    ),
    (
        "oauth_passthrough",
        "headers of callers travel when extra_headers names them",
    ),
    ("oauth_identity_binding", NO_USERS),
    ("dcr_bridge", NO_RELAY),
    ("per_server_oauth_discovery", NO_RELAY),
    (
        "subject_token_type",
        "what is exchanged is always the caller's access token",
    ),
    (
        "token_exchange_profile",
        "tokens are exchanged as RFC 8693 says",
    ),
    (
        "upstream_token_header",
        "fetched tokens travel in Authorization; a fixed one in any header is auth_type: api_key or static_headers",
    ),
    ("upstream_resource", "write the URI as `resource`"),
    ("client_private_key", ASSERTIONS),
    ("client_private_key_id", ASSERTIONS),
    ("client_assertion_signing_alg", ASSERTIONS),
    ("id_jag_resource", ASSERTIONS),
    ("id_jag_resource_client_id", ASSERTIONS),
    ("id_jag_resource_client_secret", ASSERTIONS),
    ("id_jag_resource_token_endpoint", ASSERTIONS),
    ("id_jag_subject_source", ASSERTIONS),
    (
        "credentials",
        "write auth_value, or client_id and client_secret",
    ),
    ("teams", KEYS_FOR_CALLERS),
    ("is_byok", NO_USERS),
    ("header_variables", NO_USERS),
    ("env_vars", NO_USERS),
    ("token_validation", NO_USERS),
    ("token_storage_ttl_seconds", NO_USERS),
    ("pinned_tools", IN_TOOLSET),
    ("tool_name_to_display_name", IN_TOOLSET),
    ("tool_name_to_description", IN_TOOLSET),
    ("aws_access_key_id", AWS),
    ("aws_secret_access_key", AWS),
    ("aws_session_token", AWS),
    ("aws_region_name", AWS),
    ("aws_service_name", AWS),
    ("aws_role_name", AWS),
    ("aws_session_name", AWS),
];

/// The same for `general_settings`: what decides who may call, with what, and how much.
const GENERAL: &[(&str, &str)] = &[
    ("allowed_ips", BY_ADDRESS),
    ("mcp_internal_ip_ranges", BY_ADDRESS),
    ("mcp_trusted_proxy_ranges", BY_ADDRESS),
    ("mcp_xff_num_trusted_hops", BY_ADDRESS),
    ("use_x_forwarded_for", BY_ADDRESS),
    ("mcp_allowed_clients", BY_CLIENT),
    ("mcp_client_id_header", BY_CLIENT),
    ("mcp_client_side_auth_header_name", CREDENTIAL_HEADER),
    (
        "mcp_require_explicit_server_scope",
        "/mcp shows what a key may use; give keys the servers that they need",
    ),
    ("require_end_user_mcp_access_defined", KEYS_FOR_CALLERS),
    ("require_key_mcp_access_defined", KEYS_FOR_CALLERS),
    ("enforce_rbac", KEYS_FOR_CALLERS),
    ("role_permissions", KEYS_FOR_CALLERS),
    ("allowed_routes", KEYS_FOR_CALLERS),
    ("admin_only_routes", KEYS_FOR_CALLERS),
    ("public_routes", "nothing but /healthz is public"),
    ("custom_auth", KEYS_FOR_CALLERS),
    ("enable_jwt_auth", TOKENS),
    ("litellm_jwtauth", TOKENS),
    ("enable_oauth2_auth", TOKENS),
    ("enable_oauth2_proxy_auth", TOKENS),
    ("oauth2_config_mappings", TOKENS),
    ("litellm_key_header_name", KEY_HEADER),
    ("max_request_size_mb", "write max_body_bytes"),
    (
        "max_response_size_mb",
        "write max_response_bytes at each server",
    ),
    (
        "max_parallel_requests",
        "write max_concurrent_calls at each server",
    ),
    (
        "global_max_parallel_requests",
        "write max_concurrent_calls at each server",
    ),
];

/// Why a key of `general_settings` or `litellm_settings` is refused, if it is.
pub(super) fn refused_setting(key: &str) -> Option<&'static str> {
    match key {
        "mcp_aliases" => Some(ONE_NAME),
        _ => reason(GENERAL, key),
    }
}

/// Whether a guardrail stands before calls of tools; without it more would pass than its author meant.
pub(super) fn guards_tools(guardrail: Cursor<'_>) -> bool {
    let parameters = guardrail.get("litellm_params").unwrap_or(guardrail);
    let Some(mode) = parameters.get("mode") else {
        return false;
    };
    let names_mcp = |mode: &str| mode.contains("mcp");
    mode.as_str().is_some_and(names_mcp)
        || mode.items().filter_map(|mode| mode.as_str()).any(names_mcp)
}

/// Whether a key of the server `name` is one of LiteLLM's that is not read; says what becomes of it.
pub(super) fn claims(reader: &mut Reader<'_>, name: &str, key: &str, value: Cursor<'_>) -> bool {
    if IGNORED.contains(&key) {
        reader.notes.push(format!(
            "mcp_servers.{name}.{key} has no meaning here and is not read"
        ));
        return true;
    }
    let Some(reason) = reason(REFUSED, key) else {
        return false;
    };
    if !is_nothing(key, value) && !says_nothing(name, key, value) {
        let message = format!("is a key of LiteLLM that is not supported: {reason}");
        reader.wrong_key(value, message, Some("remove it".to_owned()));
    }
    true
}

/// Lists of what is let in: an empty one lets in nothing.
const ALLOW: &[&str] = &["allowed_ips", "allowed_routes", "mcp_allowed_clients"];

/// Whether a value is one of those that dumps of a configuration hold where nobody asked for anything.
pub(super) fn is_nothing(key: &str, value: Cursor<'_>) -> bool {
    let is_empty = (value.is_array() || value.is_object()) && value.is_empty();
    value.is_null()
        || value.as_str().is_some_and(str::is_empty)
        || (value.as_bool() == Some(false) && key != "available_on_public_internet")
        || (is_empty && !ALLOW.contains(&key))
}

/// Whether a value asks for what is the case anyway.
fn says_nothing(name: &str, key: &str, value: Cursor<'_>) -> bool {
    let text = value.as_str();
    match key {
        "alias" | "server_name" => text == Some(name),
        "available_on_public_internet" => value.as_bool() == Some(true),
        "subject_token_type" => text == Some("urn:ietf:params:oauth:token-type:access_token"),
        "token_exchange_profile" => text == Some("rfc8693"),
        _ => false,
    }
}

fn reason(table: &[(&str, &'static str)], key: &str) -> Option<&'static str> {
    let found = table.iter().find(|(own, _)| *own == key);
    found.map(|(_, reason)| *reason)
}
