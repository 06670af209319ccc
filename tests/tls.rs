//! The way to an API over TLS: whom it must be, and who the gateway is to it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{Authority, Caller, Gateway, KEY, refused};

/// An API that asks for a certificate of this authority and has one of it.
async fn serve(authority: &Authority) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (certificate, key) = authority.issue();
    let verifier = WebPkiClientVerifier::builder(Arc::new(authority.roots()));
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let _ = stream.read(&mut [0; 4096]).await;
                let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    port
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn private_authorities_and_client_certificates_per_server() {
    let (ours, other) = (Authority::new(), Authority::new());
    let port = serve(&ours).await;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (certificate, key) = ours.issue();
    let (ca, wrong) = (write(at, "ca", &ours.pem), write(at, "wrong", &other.pem));
    let cert = write(at, "cert", &certificate.pem());
    let key = write(at, "key", &key.serialize_pem());
    let server = |name: &str, lines: &str| {
        format!(
            "  {name}:\n    url: https://localhost:{port}\n    spec: data_api\n    extra_headers: [X-TOKEN]\n{lines}"
        )
    };
    let identity = format!("    client_cert_file: {cert}\n    client_key_file: {key}\n");
    let gateway = Gateway::start(&format!(
        "general_settings: {{master_key: {KEY}}}\nmcp_servers:\n{}{}{}",
        server("good", &format!("    ca_file: {ca}\n{identity}")),
        server("stranger", &format!("    ca_file: {ca}\n")),
        server("doubting", &format!("    ca_file: {wrong}\n{identity}")),
    ));
    let caller = |server: &str| {
        Caller::new(&gateway, &format!("/{server}/mcp")).header("x-token", "canary-token")
    };
    caller("good").answer("whoami", json!({})).await;
    for server in ["stranger", "doubting"] {
        let said = caller(server).error("whoami", json!({})).await;
        assert!(
            !said.contains("canary") && !said.contains("localhost"),
            "{server}: {said}"
        );
    }
}

#[test]
fn certificates_that_are_none_are_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = write(folder.path(), "nothing", "nothing");
    for (lines, named) in [
        (format!("ca_file: {nothing}"), "PEM"),
        ("ca_file: /nowhere/at/all".to_owned(), "cannot be read"),
        (format!("client_cert_file: {nothing}"), "client_key_file"),
        (format!("client_key_file: {nothing}"), "client_cert_file"),
    ] {
        let text = format!("mcp_servers:\n  data_api:\n    url: https://a\n    {lines}\n");
        let (code, said) = refused(&text);
        assert_eq!(code, Some(2), "{lines}: {said}");
        assert!(said.contains(named), "{lines}: {said}");
    }
}
