//! The calls of the demo, and what must be true of each.

use std::net::SocketAddr;

use serde_json::Value;

use super::api::{Received, Shelf};
use super::client::{self, Answered};
use super::page::Page;
use super::{KEY, TOKEN};

/// Values that must not reach the API.
const DECOY: &str = "not-for-the-api";

/// Between whom the story plays.
pub(super) struct Story<'a> {
    pub(super) gateway: SocketAddr,
    pub(super) shelf: &'a Shelf,
}

impl Story<'_> {
    /// Makes the calls and prints what happened.
    pub(super) async fn tell(&self, page: &mut Page) -> Result<(), String> {
        let key = ("x-litellm-api-key", format!("Bearer {KEY}"));
        let key = (key.0, key.1.as_str());
        self.listed(page, key).await?;
        self.with_token(page, key).await?;
        self.without_token(page, key).await?;
        self.with_decoys(page, key).await?;
        self.argument(page, key).await?;
        self.without_key(page).await
    }

    async fn ask(
        &self,
        headers: &[(&str, &str)],
        method: &str,
        params: &str,
    ) -> Result<Answered, String> {
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
        client::post(self.gateway, "/data_api/mcp", headers, &body).await
    }

    /// Calls `get_item`; what the API received of it, if anything.
    async fn call(
        &self,
        headers: &[(&str, &str)],
        arguments: &str,
    ) -> Result<(Answered, Option<Received>), String> {
        let before = self.shelf.count();
        let params = format!(r#"{{"name":"get_item","arguments":{arguments}}}"#);
        let answered = self.ask(headers, "tools/call", &params).await?;
        let arrived = self.shelf.count() > before;
        Ok((answered, self.shelf.last().filter(|_| arrived)))
    }

    async fn listed(&self, page: &mut Page, key: (&str, &str)) -> Result<(), String> {
        page.title("1. The model sees what it may fill, and not the token");
        let answered = self.ask(&[key], "tools/list", "{}").await?;
        let tools = answered.body["result"]["tools"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let get_item = tools.iter().find(|tool| tool["name"] == "get_item");
        let schema = get_item
            .map(|tool| &tool["inputSchema"])
            .unwrap_or(&Value::Null);
        let names: Vec<&str> = schema["properties"]
            .as_object()
            .map(|properties| properties.keys().map(String::as_str).collect())
            .unwrap_or_default();
        page.labelled("arguments of get_item", &names.join(", "));
        page.proof(
            "item_id and q are arguments",
            names.contains(&"item_id") && names.contains(&"q"),
        );
        page.proof(
            "x-token, which the API requires, is not",
            !schema.to_string().contains("x-token"),
        );
        Ok(())
    }

    async fn with_token(&self, page: &mut Page, key: (&str, &str)) -> Result<(), String> {
        page.title("2. The caller sends X-TOKEN: it arrives");
        let (answered, received) = self
            .call(&[key, ("X-TOKEN", TOKEN)], r#"{"item_id":7}"#)
            .await?;
        page.labelled(
            "the caller sent",
            &format!("x-litellm-api-key: Bearer {KEY}\nX-TOKEN: {TOKEN}"),
        );
        page.received(received.as_ref(), "x-token");
        page.labelled("the model got", &text(&answered.body));
        page.proof(
            "the caller's token arrived, once",
            received
                .as_ref()
                .is_some_and(|received| received.values("x-token") == [TOKEN]),
        );
        page.proof(
            "the gateway key did not",
            received
                .as_ref()
                .is_some_and(|received| !holds(received, KEY)),
        );
        page.proof(
            "the model got the item",
            answered.body["result"]["isError"] == false,
        );
        Ok(())
    }

    async fn without_token(&self, page: &mut Page, key: (&str, &str)) -> Result<(), String> {
        page.title("3. The next caller sends none: none arrives, and the API's refusal comes back");
        let (answered, received) = self.call(&[key], r#"{"item_id":7}"#).await?;
        page.received(received.as_ref(), "x-token");
        page.labelled("the model got", &text(&answered.body));
        page.proof(
            "no token arrived, nobody else's either",
            received
                .as_ref()
                .is_some_and(|received| received.values("x-token").is_empty()),
        );
        page.proof(
            "the refusal is a result that says so",
            answered.body["result"]["isError"] == true,
        );
        Ok(())
    }

    async fn with_decoys(&self, page: &mut Page, key: (&str, &str)) -> Result<(), String> {
        page.title("4. The caller sends headers that nobody listed: they stay here");
        let decoys = [
            key,
            ("X-TOKEN", TOKEN),
            ("X-DECOY", DECOY),
            ("Authorization", "Bearer not-for-the-api"),
            ("Cookie", "session=not-for-the-api"),
        ];
        let (_, received) = self.call(&decoys, r#"{"item_id":8}"#).await?;
        let sent: Vec<String> = decoys
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        page.labelled("the caller sent", &sent.join("\n"));
        page.received(received.as_ref(), "x-token");
        page.proof(
            "none of them arrived, the key neither",
            received
                .as_ref()
                .is_some_and(|received| !holds(received, DECOY) && !holds(received, KEY)),
        );
        Ok(())
    }

    async fn argument(&self, page: &mut Page, key: (&str, &str)) -> Result<(), String> {
        page.title("5. A model makes up a token: it is told, and nothing is sent");
        let (answered, received) = self
            .call(&[key], r#"{"item_id":7,"x-token":"made-up"}"#)
            .await?;
        page.labelled("the model got", &text(&answered.body));
        page.proof(
            "an argument error came back",
            answered.body["result"]["isError"] == true,
        );
        page.proof("the API saw nothing", received.is_none());
        Ok(())
    }

    async fn without_key(&self, page: &mut Page) -> Result<(), String> {
        page.title("6. Somebody without the gateway key");
        let (answered, received) = self.call(&[("X-TOKEN", TOKEN)], r#"{"item_id":7}"#).await?;
        page.proof("gets 401", answered.status == 401);
        page.proof("and the API saw nothing", received.is_none());
        Ok(())
    }
}

/// Whether a value occurs anywhere in a request.
fn holds(received: &Received, value: &str) -> bool {
    received.target.contains(value)
        || received
            .headers
            .iter()
            .any(|(_, header)| header.contains(value))
}

/// The text blocks of a result.
fn text(body: &Value) -> String {
    let blocks = body["result"]["content"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let texts: Vec<&str> = blocks
        .iter()
        .filter_map(|block| block["text"].as_str())
        .collect();
    texts.join("\n")
}
