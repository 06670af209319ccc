//! What `client-config` prints works when it is pasted, and is printed where no secret is.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::Upstream;

const CLIENTS: [&str; 6] = [
    "claude-desktop",
    "claude-code",
    "cursor",
    "vscode",
    "inspector",
    "codex",
];

/// Everything that may come from elsewhere does: the files are not there, and no variable is set.
fn configuration(url: &str) -> String {
    format!(
        "listen: 127.0.0.1:4123\n\
         general_settings: {{master_key: os.environ/GATEWAY_KEY}}\n\
         gateway_keys:\n\
         \x20 ci: {{key: 'file:/nowhere/key', servers: [data_api]}}\n\
         \x20 cd: {{key_sha256: os.environ/DIGEST, servers: [data_api]}}\n\
         jwt:\n\
         \x20 issuer: https://login.example\n\
         \x20 audience: gateway\n\
         \x20 jwks: file:/nowhere/jwks.json\n\
         \x20 public_url: https://gateway.example\n\
         \x20 rules: [{{scope: tools, servers: ['*']}}]\n\
         mcp_servers:\n\
         \x20 data_api:\n\
         \x20   url: {url}\n\
         \x20   extra_headers: [X-TOKEN, X-Tenant]\n\
         \x20   stdio_headers: {{X-TOKEN: os.environ/UPSTREAM_TOKEN}}\n\
         \x20 other:\n\
         \x20   spec: data_api\n\
         \x20   url: os.environ/OTHER_URL\n\
         \x20   ca_file: /nowhere/ca.pem\n\
         \x20   static_headers: {{X-Static: os.environ/OTHER_SECRET}}\n"
    )
}

/// Runs the binary beside a configuration, in an environment that holds nothing.
fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolwright"))
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .output()
        .unwrap()
}

fn folder(url: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("toolwright.yaml"), configuration(url)).unwrap();
    folder
}

/// What is printed for a client, and what is said about it.
fn printed(folder: &TempDir, client: &str, more: &[&str]) -> (String, String) {
    let arguments = [&["client-config", "--client", client], more].concat();
    let output = run(folder, &arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {said}");
    (String::from_utf8(output.stdout).unwrap(), said)
}

#[test]
fn every_client_gets_what_it_reads_where_no_secret_is() {
    let folder = folder("https://api.example");
    for client in CLIENTS {
        let (text, said) = printed(&folder, client, &[]);
        let case = format!("{client}:\n{text}{said}");
        for part in [
            "http://127.0.0.1:4123/data_api/mcp",
            "http://127.0.0.1:4123/other/mcp",
            "x-litellm-api-key",
            "x-token",
            "x-tenant",
        ] {
            assert!(text.contains(part), "{part}: {case}");
        }
        for part in [
            "unset.invalid",
            "GATEWAY_KEY",
            "UPSTREAM_TOKEN",
            "allow-http",
        ] {
            assert!(!text.contains(part), "{part}: {case}");
        }
        assert_eq!(said.lines().count(), 1, "{case}");
        match client {
            "claude-desktop" | "cursor" => {
                let json: Value = serde_json::from_str(&text).unwrap();
                assert!(json["mcpServers"]["data_api"].is_object(), "{case}");
            }
            "vscode" => {
                let json: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(json["servers"]["data_api"]["type"], "http", "{case}");
                assert_eq!(json["inputs"][0]["password"], true, "{case}");
            }
            _ => {}
        }
    }
}

#[test]
fn another_address_is_taken_and_said_to_be_readable_where_it_is() {
    let folder = folder("https://api.example");
    for (url, expected, readable) in [
        (
            "https://tools.example/",
            "https://tools.example/data_api/mcp",
            false,
        ),
        (
            "https://tools.example/gateway",
            "https://tools.example/gateway/data_api/mcp",
            false,
        ),
        (
            "http://localhost:4000",
            "http://localhost:4000/data_api/mcp",
            false,
        ),
        ("http://[::1]:4000", "http://[::1]:4000/data_api/mcp", false),
        (
            "http://tools.lan:4000",
            "http://tools.lan:4000/data_api/mcp",
            true,
        ),
    ] {
        let (text, said) = printed(&folder, "claude-desktop", &["--url", url]);
        assert!(text.contains(&format!("\"{expected}\"")), "{url}: {text}");
        assert_eq!(text.contains("--allow-http"), readable, "{url}: {text}");
        assert_eq!(said.contains("is not encrypted"), readable, "{url}: {said}");
    }
    for url in [
        "tools.example",
        "ftp://tools.example",
        "https://tools.example?a=b",
        "https://",
    ] {
        let output = run(
            &folder,
            &["client-config", "--client", "cursor", "--url", url],
        );
        assert_eq!(output.status.code(), Some(2), "{url}");
        let said = String::from_utf8(output.stderr).unwrap();
        let expected = format!("--url {url}: write https://HOST[:PORT][/PATH]\n");
        assert_eq!(said, expected);
        assert!(output.stdout.is_empty(), "{url}");
    }
}

#[test]
fn what_only_the_caller_has_is_filled_in_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let configuration = "mcp_servers:\n  \
        data_api: {url: http://a, auth_type: bearer_token, extra_headers: [X-Tenant-*]}\n  \
        b-2: {url: http://a, spec: data_api, auth_type: basic}\n  \
        own: {url: http://a, spec: data_api, auth_type: basic, auth_value: 'a:b'}\n  \
        off: {url: http://a, spec: data_api, auth_type: basic, caller_auth: false}\n  \
        listed: {url: http://a, spec: data_api, auth_type: basic, extra_headers: [Authorization]}\n";
    std::fs::write(folder.path().join("toolwright.yaml"), configuration).unwrap();
    let (text, said) = printed(&folder, "cursor", &[]);
    let servers: Value = serde_json::from_str(&text).unwrap();
    for (server, expected) in [
        ("data_api", json!("${env:X_MCP_AUTH_DATA_API}")),
        ("b-2", json!("${env:X_MCP_AUTH_B_2}")),
        ("own", Value::Null),
        ("off", Value::Null),
        ("listed", Value::Null),
    ] {
        let headers = &servers["mcpServers"][server]["headers"];
        assert_eq!(headers["x-mcp-auth"], expected, "{server}: {text}");
    }
    assert!(
        said.contains("# data_api: x-tenant-* travel as well; add a header for each"),
        "{said}"
    );
    let (_, said) = printed(&folder, "cursor", &["--transport", "stdio"]);
    for part in [
        "data_api: x-tenant-* travel as well",
        "stdio_headers: {x-mcp-auth: os.environ/X_MCP_AUTH_B_2}",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(said.matches("x-mcp-auth").count(), 2, "{said}");
}

/// The process that a client starts, with its variables filled in as its user does. `None` for a client whose text is not
/// read here.
fn started(client: &str, text: &str) -> Option<(Vec<String>, BTreeMap<String, String>)> {
    let filled = |name: &str| format!("filled-{name}");
    if client == "codex" {
        return None;
    }
    if text.starts_with('{') {
        let json: Value = serde_json::from_str(text).unwrap();
        let servers = json.get("mcpServers").unwrap_or(&json["servers"]);
        let server = &servers["data_api"];
        let mut command = vec![server["command"].as_str().unwrap().to_owned()];
        for argument in server["args"].as_array().unwrap() {
            command.push(argument.as_str().unwrap().to_owned());
        }
        let mut variables = BTreeMap::new();
        for (name, value) in server["env"].as_object().unwrap() {
            let placeholder = match client {
                "claude-desktop" => format!("<{name}>"),
                "cursor" => format!("${{env:{name}}}"),
                _ => format!("${{input:{}}}", name.to_lowercase().replace('_', "-")),
            };
            assert_eq!(value, &json!(placeholder), "{text}");
            variables.insert(name.clone(), filled(name));
        }
        return Some((command, variables));
    }
    // A line for a shell: its words are what the command would get.
    let script =
        format!("claude() {{ printf '%s\\0' \"$@\"; }}\nnpx() {{ claude \"$@\"; }}\n{text}");
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("UPSTREAM_TOKEN", filled("UPSTREAM_TOKEN"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{text}");
    let words = String::from_utf8(output.stdout).unwrap();
    let words: Vec<&str> = words.split_terminator('\0').collect();
    let end = words.iter().position(|word| *word == "--").unwrap();
    let options = words[..end].windows(2);
    let variables = options
        .filter(|pair| ["-e", "--env"].contains(&pair[0]))
        .map(|pair| pair[1].split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let command = words[end + 1..].iter().map(|&word| word.to_owned());
    Some((command.collect(), variables.collect()))
}

#[tokio::test]
async fn what_is_pasted_for_stdio_starts_and_carries_the_token() {
    let upstream = Upstream::start().await;
    let folder = folder(&upstream.url());
    for client in CLIENTS {
        let more = ["--transport", "stdio", "--server", "data_api"];
        let (text, said) = printed(&folder, client, &more);
        let case = format!("{client}:\n{text}{said}");
        assert!(
            said.contains("stdio_headers: {x-tenant: os.environ/X_TENANT}"),
            "{case}"
        );
        assert!(!said.contains("x-token"), "{case}");
        assert!(
            !text.contains("GATEWAY_KEY") && !text.contains("OTHER_"),
            "{case}"
        );
        assert!(text.contains("UPSTREAM_TOKEN"), "{case}");
        let Some((command, variables)) = started(client, &text) else {
            continue;
        };
        let mut child = Command::new(&command[0])
            .args(&command[1..])
            .env_clear()
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": "get_item", "arguments": {"item_id": 7}}});
        let mut input = child.stdin.take().unwrap();
        input.write_all(format!("{call}\n").as_bytes()).unwrap();
        drop(input);
        let output = tokio::task::spawn_blocking(|| child.wait_with_output()).await;
        let output = output.unwrap().unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            answer.contains("filled-UPSTREAM_TOKEN"),
            "{case}{answer}{said}"
        );
        assert_eq!(
            upstream.only().header("x-token"),
            ["filled-UPSTREAM_TOKEN"],
            "{case}"
        );
    }
}

#[test]
fn serving_needs_every_value() {
    let folder = folder("https://api.example");
    for (arguments, missing) in [
        (&["check"][..], 8),
        (&["serve"], 8),
        (&["stdio", "--server", "data_api"], 1),
        (&["stdio", "--server", "other"], 3),
        (&["stdio"], 4),
    ] {
        let output = run(&folder, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        let counted = format!("{missing} mistake");
        assert!(said.contains(&counted), "{arguments:?}: {said}");
    }
}
