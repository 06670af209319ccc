"""Calls the gateway with the Python `mcp` client, then reads the application's log: only the token may have come."""

import asyncio
import json
import os
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

FRAMING = {"accept", "accept-encoding", "host", "user-agent"}
KEY = os.environ["LITELLM_KEY"]
TOKEN = os.environ["UPSTREAM_TOKEN"]


outcomes: list[bool] = []


def check(holds: bool, what: str) -> None:
    print(("ok      " if holds else "FAILED  ") + what)
    outcomes.append(holds)


async def call(base: str) -> None:
    for path, prefix in (("/data_api/mcp", ""), ("/mcp", "data_api-")):
        headers = {"x-litellm-api-key": f"Bearer {KEY}", "X-TOKEN": TOKEN, "X-Decoy": "decoy"}
        async with httpx2.AsyncClient(headers=headers, trust_env=False) as http:
            async with Client(streamable_http_client(base + path, http_client=http)) as client:
                tools = {tool.name: tool for tool in (await client.list_tools()).tools}
                check(len(tools) == 7, f"{path} lists 7 tools")
                shown = tools[f"{prefix}get_item"].input_schema["properties"]
                check(set(shown) == {"item_id", "q"}, f"{path} shows item_id and q, not x-token")
                result = await client.call_tool(f"{prefix}get_item", {"item_id": 7, "q": "a b&c"})
                check(not result.is_error, f"{path} answers a call")
                check(json.loads(result.content[0].text)["description"] == "a b&c", "the argument arrived as it was")
                body = {"name": "Chair", "price": {"amount": 12.5, "currency": "EUR"}, "suppliers": [{"name": "A"}]}
                result = await client.call_tool(f"{prefix}create_item", {"body": body})
                check(not result.is_error, f"{path} answers a call with a body")
                result = await client.call_tool(f"{prefix}get_item", {"item_id": 7, "x-token": "model"})
                check(result.is_error, "x-token is no argument")
    async with httpx2.AsyncClient(headers={"x-litellm-api-key": KEY}, trust_env=False) as http:
        async with Client(streamable_http_client(base + "/data_api/mcp", http_client=http)) as client:
            result = await client.call_tool("get_item", {"item_id": 7})
            said = " ".join(block.text for block in result.content)
            check(result.is_error and "422" in said and "Field required" in said, f"without a token: {said}")


def main() -> None:
    base, log, answer = sys.argv[1:]
    result = json.loads(answer)["result"]
    check(not result.get("isError") and json.loads(result["content"][0]["text"])["id"] == 7, "curl got item 7")
    asyncio.run(call(base))
    with open(log, encoding="utf-8") as lines:
        seen = [json.loads(line) for line in lines if line.startswith("{")]
    check(len(seen) == 6, f"the app saw {len(seen)} requests of 6")
    check([line["x-token"] for line in seen] == [[TOKEN]] * 5 + [[]], "the token came with 5 of them, once each")
    allowed = FRAMING | {"x-token", "content-type", "content-length"}
    check(all(set(line["headers"]) <= allowed for line in seen), "and no other header of the caller")
    with open(log, encoding="utf-8") as text:
        whole = text.read()
    check(KEY not in whole and "decoy" not in whole.lower(), "neither the gateway key nor the decoy")
    print(f"{outcomes.count(True)} passed, {outcomes.count(False)} failed")
    sys.exit(0 if all(outcomes) else 1)


main()
