//! What becomes of connections between calls.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use toolwright_runtime::prelude::*;
use toolwright_runtime::{Upstream, UpstreamOptions};

use crate::support::{json, no_headers};

/// What the upstream does once it has read a request.
#[derive(Clone, Copy)]
enum Does {
    /// Answers and waits for the next.
    Answers,
    /// Answers, says nothing of it, and closes.
    AnswersAndCloses,
    /// Answers, and closes when the connection has been unused for a while.
    AnswersAndClosesLater,
    /// Closes without a word.
    Closes,
    /// Begins an answer that is longer than the gateway reads.
    Overflows,
}

/// An upstream that tells of each request on which connection it came, and of each end of a connection.
struct Api {
    options: UpstreamOptions,
    requests: Arc<Mutex<Vec<usize>>>,
    ends: mpsc::UnboundedReceiver<usize>,
}

async fn api(does: &'static [Does]) -> Api {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::new()));
    let (told, ends) = mpsc::unbounded_channel();
    let seen = Arc::clone(&requests);
    tokio::spawn(async move {
        for connection in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            let (seen, told) = (Arc::clone(&seen), told.clone());
            tokio::spawn(async move {
                serve(stream, connection, does, &seen).await;
                let _ = told.send(connection);
            });
        }
    });
    let mut options = UpstreamOptions::new(base.parse().unwrap());
    options.max_response_bytes = 1000;
    Api {
        options,
        requests,
        ends,
    }
}

/// Requests here fit into one packet.
async fn serve(mut stream: TcpStream, connection: usize, does: &[Does], seen: &Mutex<Vec<usize>>) {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(connection);
            seen.len() - 1
        };
        let answer: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
        match does.get(number).copied().unwrap_or(Does::Answers) {
            Does::Answers => stream.write_all(answer).await.unwrap(),
            Does::AnswersAndCloses => return stream.write_all(answer).await.unwrap(),
            Does::AnswersAndClosesLater => {
                stream.write_all(answer).await.unwrap();
                return tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Does::Closes => return,
            Does::Overflows => {
                let head = b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n";
                stream.write_all(head).await.unwrap();
                stream.write_all(&[b'a'; 2000]).await.unwrap();
            }
        }
    }
}

/// A call that nobody may make twice.
async fn call(upstream: &Upstream) -> std::result::Result<String, String> {
    let request = Request::post("/orders", &no_headers())
        .json(&json(r#"{"n": 1}"#))
        .build()
        .unwrap();
    let answer = upstream.send(request).await;
    let answer = answer.map_err(|error| error.to_string())?;
    Ok(String::from_utf8(answer.body.to_vec()).unwrap())
}

#[tokio::test]
async fn calls_one_after_another_share_a_connection() {
    let api = api(&[]).await;
    let upstream = Upstream::new(api.options).unwrap();
    for _ in 0..5 {
        assert_eq!(call(&upstream).await.unwrap(), "ok");
    }
    assert_eq!(*api.requests.lock().unwrap(), [0; 5]);
}

#[tokio::test]
async fn calls_at_once_have_connections_of_their_own() {
    let api = api(&[]).await;
    let upstream = Upstream::new(api.options).unwrap();
    let calls = futures_util::future::join_all((0..8).map(|_| call(&upstream)));
    assert!(calls.await.iter().all(|answer| answer.is_ok()));
    let mut connections = api.requests.lock().unwrap().clone();
    connections.sort_unstable();
    assert_eq!(connections, [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn a_connection_that_the_upstream_closed_meanwhile_costs_no_call() {
    for does in [
        &[Does::AnswersAndCloses; 2],
        &[Does::AnswersAndClosesLater; 2],
    ] {
        let mut api = api(does).await;
        let upstream = Upstream::new(api.options).unwrap();
        for _ in 0..3 {
            assert_eq!(call(&upstream).await.unwrap(), "ok");
            if api.requests.lock().unwrap().len() < 3 {
                api.ends.recv().await.unwrap();
            }
        }
        assert_eq!(*api.requests.lock().unwrap(), [0, 1, 2]);
    }
}

#[tokio::test]
async fn many_connections_that_were_closed_cost_no_call() {
    let mut api = api(&[Does::AnswersAndClosesLater; 8]).await;
    let upstream = Upstream::new(api.options).unwrap();
    for _ in 0..2 {
        let calls = futures_util::future::join_all((0..8).map(|_| call(&upstream)));
        assert!(calls.await.iter().all(|answer| answer.is_ok()));
        if api.requests.lock().unwrap().len() == 8 {
            for _ in 0..8 {
                api.ends.recv().await.unwrap();
            }
        }
    }
    assert_eq!(api.requests.lock().unwrap().len(), 16);
}

#[tokio::test]
async fn a_request_that_was_read_is_not_sent_again() {
    for kept in [false, true] {
        let does: &[Does] = match kept {
            false => &[Does::Closes],
            true => &[Does::Answers, Does::Closes],
        };
        let api = api(does).await;
        let upstream = Upstream::new(api.options).unwrap();
        if kept {
            assert_eq!(call(&upstream).await.unwrap(), "ok");
        }
        let error = call(&upstream).await.unwrap_err();
        assert!(error.contains("closed the connection"), "{error}");
        assert_eq!(api.requests.lock().unwrap().len(), does.len());
    }
}

#[tokio::test]
async fn an_answer_that_is_not_read_to_its_end_takes_its_connection_with_it() {
    let mut api = api(&[Does::Overflows]).await;
    let upstream = Upstream::new(api.options).unwrap();
    assert_eq!(call(&upstream).await.unwrap().len(), 1000);
    assert_eq!(api.ends.recv().await, Some(0));
    assert_eq!(call(&upstream).await.unwrap(), "ok");
    assert_eq!(*api.requests.lock().unwrap(), [0, 1]);
}

#[tokio::test]
async fn a_connection_is_closed_when_nobody_has_used_it_for_long() {
    let mut api = api(&[]).await;
    api.options.pool_idle_timeout = Duration::from_millis(20);
    let upstream = Upstream::new(api.options).unwrap();
    assert_eq!(call(&upstream).await.unwrap(), "ok");
    // Nothing is called meanwhile: the connection closes by itself.
    assert_eq!(api.ends.recv().await, Some(0));
    assert_eq!(call(&upstream).await.unwrap(), "ok");
    assert_eq!(*api.requests.lock().unwrap(), [0, 1]);
}

#[tokio::test]
async fn a_call_that_is_given_up_closes_its_connection() {
    let mut api = api(&[Does::Overflows]).await;
    api.options.max_response_bytes = 10_000;
    let upstream = Upstream::new(api.options).unwrap();
    {
        let mut call = std::pin::pin!(call(&upstream));
        // Until the upstream has read it, and it waits for the rest of the answer.
        while api.requests.lock().unwrap().is_empty() {
            let waited = tokio::time::timeout(Duration::from_millis(5), call.as_mut()).await;
            assert!(waited.is_err(), "{waited:?}");
        }
    }
    assert_eq!(api.ends.recv().await, Some(0));
    assert_eq!(call(&upstream).await.unwrap(), "ok");
}
