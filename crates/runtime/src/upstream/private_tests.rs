use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::origin::Origin;
use super::private::{is_private, refused};
use super::resolver::Resolver;
use super::{Upstream, UpstreamOptions};
use crate::headers::HeaderPolicy;
use crate::request::Request;

#[test]
fn private_and_public_addresses_are_told_apart() {
    let private = "127.0.0.1 0.0.0.0 10.1.2.3 100.64.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.168.0.1 192.0.0.8 \
                   198.18.0.1 224.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::7f00:1 fd00::1 fc00::1 \
                   fe80::1 fec0::1 ff02::1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1::1 2001:db8::1 2001::1 3fff::1";
    let public = "1.1.1.1 8.8.8.8 100.63.0.1 100.128.0.1 172.15.0.1 172.32.0.1 192.167.0.1 193.0.0.1 223.255.255.255 \
                  2606:4700::1111 2a00::1 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1 2001:4860:4860::8888";
    for (list, expected) in [(private, true), (public, false)] {
        for text in list.split_whitespace() {
            assert_eq!(is_private(text.parse().unwrap()), expected, "{text}");
        }
    }
}

/// A name server whose every answer is the next of these, and which stands in for the machine's. `127.0.0.2` plays the
/// public address, because no other can be connected to here.
fn resolver(answers: &[&[&'static str]], asked: &Arc<AtomicUsize>) -> Resolver {
    let answers: Vec<Vec<SocketAddr>> = answers
        .iter()
        .map(|list| {
            list.iter()
                .map(|ip| SocketAddr::new(ip.parse().unwrap(), 0))
                .collect()
        })
        .collect();
    let asked = Arc::clone(asked);
    Resolver {
        lookup: Arc::new(move |_| {
            let number = asked.fetch_add(1, Ordering::SeqCst);
            let answer = answers.get(number).cloned().unwrap_or_default();
            Box::pin(async move { Ok(answer) })
        }),
        refuses: |address| {
            is_private(address) && address != IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2))
        },
    }
}

/// Answers each connection once; the address it came in at, for each.
async fn listen(address: &str, came: &Arc<Mutex<Vec<IpAddr>>>) -> std::io::Result<u16> {
    let listener = TcpListener::bind(address).await?;
    let port = listener.local_addr()?.port();
    let came = Arc::clone(came);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            came.lock().unwrap().push(stream.local_addr().unwrap().ip());
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(answer).await;
        }
    });
    Ok(port)
}

#[tokio::test]
async fn row_10_what_is_connected_to_is_what_was_checked_also_where_answers_change() {
    let came = Arc::new(Mutex::new(Vec::new()));
    let port = listen("127.0.0.2:0", &came).await.unwrap();
    // The same port at the private address, so that whoever went there would be answered.
    listen(&format!("127.0.0.1:{port}"), &came).await.unwrap();
    let asked = Arc::default();
    let resolver = resolver(
        &[
            &["127.0.0.2"],
            // Rebound: the name leads inside now.
            &["127.0.0.1"],
            // Two answers at once, in both orders, in every spelling.
            &["127.0.0.1", "::ffff:127.0.0.1", "127.0.0.2"],
            &["127.0.0.2", "127.0.0.1"],
            &["169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"],
        ],
        &asked,
    );
    let mut options = UpstreamOptions::new(format!("http://api.example:{port}/").parse().unwrap());
    options.deny_private = true;
    options.connect_timeout = Duration::from_secs(20);
    let upstream = Upstream {
        origins: vec![Origin::with(&options.base, &options, resolver).unwrap()],
        permits: Semaphore::new(1),
        options,
    };
    let bag = HeaderPolicy::builder("a")
        .build()
        .fill(&http::HeaderMap::new(), None)
        .unwrap();
    for (number, passes) in [true, false, true, true, false].into_iter().enumerate() {
        let request = Request::get("/", &bag).build().unwrap();
        let answer = upstream.send(request).await;
        assert_eq!(answer.is_ok(), passes, "{number}: {answer:?}");
        if let Err(error) = answer {
            assert_eq!(error.to_string(), refused().to_string(), "{number}");
        }
        // One look-up for each connection: there is no second one that could answer otherwise.
        assert_eq!(asked.load(Ordering::SeqCst), number + 1);
    }
    let came = came.lock().unwrap();
    assert_eq!(*came, [IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)); 3]);
}
