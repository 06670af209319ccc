//! LiteLLM's keys of a server that are not read, and why. docs/from-litellm.md lists them all.

/// Those that change nothing here.
pub(super) const IGNORED: &[&str] = &[
    "mcp_info",
    "server_id",
    "allow_all_keys",
    "created_at",
    "updated_at",
    "spec_version",
    "byok_description",
    "byok_api_key_help_url",
];

const PROCESSES: &str = "only API descriptions are served here, no processes";
const AWS: &str = "requests are not signed for AWS";
const NO_USERS: &str = "nothing is stored for users; callers bring their credential with each call";
const IN_TOOLSET: &str =
    "names and descriptions of tools are chosen in toolset.toml, where they are reviewed";

/// Those whose absence would change what a configuration allows or does.
const REFUSED: &[(&str, &str)] = &[
    ("alias", "a server has one name here: rename the entry"),
    (
        "server_name",
        "a server has one name here: rename the entry",
    ),
    ("command", PROCESSES),
    ("args", PROCESSES),
    ("env", PROCESSES),
    (
        "available_on_public_internet",
        "callers are not told apart by their address",
    ),
    (
        "authorization_url",
        "nobody is sent to log in; the gateway fetches tokens for itself, or exchanges the caller's",
    ),
    (
        "registration_url",
        "clients are not registered; configure client_id and client_secret",
    ),
    (
        "delegate_auth_to_upstream",
        "a caller is never let in on an upstream's word; use gateway_keys or jwt",
    ),
    (
        "subject_token_type",
        "what is exchanged is always the caller's access token",
    ),
    ("is_byok", NO_USERS),
    ("header_variables", NO_USERS),
    ("env_vars", NO_USERS),
    ("token_validation", NO_USERS),
    ("token_storage_ttl_seconds", NO_USERS),
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

/// Why a key is refused, if it is one of LiteLLM's.
pub(super) fn refused(key: &str) -> Option<&'static str> {
    let found = REFUSED.iter().find(|(own, _)| *own == key);
    found.map(|(_, reason)| *reason)
}
