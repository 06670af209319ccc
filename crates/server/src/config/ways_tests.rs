//! Addresses and files for TLS that do not go together.

use super::super::tests::{load, mistakes};

#[test]
fn every_private_address_is_named_with_its_place() {
    let oauth = "auth_type: oauth2, oauth2_flow: client_credentials, client_id: a";
    mistakes(
        &format!(
            "mcp_servers:\n  data_api: {{deny_private: true, url: http://10.0.0.1}}\n  \
             b: {{spec: data_api, deny_private: true, url: 'http://[::1]:1', egress: [http://a.local, http://127.0.0.1]}}\n  \
             c: {{spec: data_api, deny_private: true, url: http://a, {oauth}, token_url: http://192.168.1.1/t}}\n"
        ),
        &[
            "2:39: mcp_servers.data_api.url: names an address that is not public … deny_private: false",
            "3:48: mcp_servers.b.url: names an address",
            "3:91: mcp_servers.b.egress[1]: names an address",
            "4:135: mcp_servers.c.token_url: names an address",
        ],
    );
    for open in [
        "deny_private: true, url: http://1.1.1.1",
        "deny_private: true, url: http://localhost",
        "url: http://10.0.0.1",
    ] {
        assert!(load(&format!("mcp_servers: {{data_api: {{{open}}}}}\n")).is_ok());
    }
}

/// A folder with two certificates, their keys, and what is no certificate although it is marked as one.
fn files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["one", "two"] {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        std::fs::write(at(&format!("{name}.pem")), made.cert.pem()).unwrap();
        std::fs::write(at(&format!("{name}.key")), made.signing_key.serialize_pem()).unwrap();
    }
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    std::fs::write(at("broken.pem"), broken).unwrap();
    folder
}

#[test]
fn files_for_tls_have_to_fit_and_to_be_of_use() {
    let folder = files();
    let at = folder.path().display().to_string();
    for (url, lines, expected) in [
        (
            "https://a",
            "ca_file: AT/broken.pem\n    client_cert_file: AT/one.pem\n    client_key_file: AT/two.key\n",
            &[
                "4:14: mcp_servers.data_api.ca_file: holds a certificate that cannot be read",
                "6:22: mcp_servers.data_api.client_key_file: is not the key … openssl",
            ][..],
        ),
        (
            "http://a",
            "ca_file: AT/one.pem\n    client_cert_file: AT/one.pem\n    client_key_file: AT/one.key\n",
            &[
                "4:5: mcp_servers.data_api.ca_file: is never used, because `url` is http",
                "5:5: mcp_servers.data_api.client_cert_file: is never used",
                "6:5: mcp_servers.data_api.client_key_file: is never used",
            ],
        ),
    ] {
        let lines = lines.replace("AT", &at);
        let yaml = format!("mcp_servers:\n  data_api:\n    url: {url}\n    {lines}");
        mistakes(&yaml, expected);
    }
    for used in [
        "url: https://a",
        "url: http://a, egress: [https://b]",
        "url: http://a, auth_type: oauth2, client_id: a, token_url: https://a/t",
    ] {
        let tls = format!(
            "ca_file: {at}/one.pem, client_cert_file: {at}/one.pem, client_key_file: {at}/one.key"
        );
        let yaml = format!("mcp_servers: {{data_api: {{{used}, {tls}}}}}\n");
        assert!(load(&yaml).is_ok(), "{:?}", load(&yaml));
    }
}
