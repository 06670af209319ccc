"""The Python `mcp` package and fastmcp call the data API's tool, in every version that they speak.

    python_clients.py http URL
    python_clients.py stdio COMMAND…

TOKEN is what the API must get as X-TOKEN. Over HTTP it travels in the header, with KEY as the gateway's; over stdio
the server has it from its environment.
"""

import asyncio
import json
import os
import sys

import httpx2
import mcp.client.session
from fastmcp import Client as FastClient
from fastmcp.client.transports import StdioTransport, StreamableHttpTransport
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

HANDSHAKES = ["2025-03-26", "2025-06-18", "2025-11-25"]
MODERN = "2026-07-28"
TOKEN = os.environ["TOKEN"]
HEADERS = {"x-litellm-api-key": f"Bearer {os.environ.get('KEY', '')}", "X-TOKEN": TOKEN, "X-Decoy": "decoy"}


def check(holds: bool, what: str, found: object) -> None:
    if not holds:
        sys.exit(f"FAILED  {what}: {found}")


async def exercise(name: str, version: str, client, spoken: str, names: list[str]) -> None:
    check(spoken == version, f"{name} speaks {version}", spoken)
    check("get_item" in names, f"{name} {version} lists get_item", names)
    result = await client.call_tool("get_item", {"item_id": 7})
    check(json.loads(result.content[0].text)["x-token"] == [TOKEN], f"{name} {version} carries the token", result)
    print(f"ok      {name:<18} {version}  {sys.argv[1]}")


async def with_mcp(mode: str, version: str) -> None:
    if sys.argv[1] == "http":
        async with httpx2.AsyncClient(headers=HEADERS, trust_env=False) as http:
            async with Client(streamable_http_client(sys.argv[2], http_client=http), mode=mode) as client:
                tools = (await client.list_tools()).tools
                await exercise("Python mcp", version, client, client.protocol_version, [tool.name for tool in tools])
                result = await client.call_tool("get_item", {"item_id": "seven"})
                check(result.is_error, "a wrong argument is a result that says so", result)
        return
    server = StdioServerParameters(command=sys.argv[2], args=sys.argv[3:], env=dict(os.environ))
    async with Client(server, mode=mode) as client:
        tools = (await client.list_tools()).tools
        await exercise("Python mcp", version, client, client.protocol_version, [tool.name for tool in tools])


async def with_fastmcp(mode: str, version: str) -> None:
    if sys.argv[1] == "http":
        transport = StreamableHttpTransport(sys.argv[2], headers=HEADERS)
    else:
        transport = StdioTransport(sys.argv[2], sys.argv[3:], env=dict(os.environ), keep_alive=False)
    async with FastClient(transport, mode=mode) as client:
        tools = await client.list_tools()
        await exercise("fastmcp", version, client, client.protocol_version, [tool.name for tool in tools])


async def main() -> None:
    for run in (with_mcp, with_fastmcp):
        for version in HANDSHAKES:
            # What the client offers is a constant of its latest version; it speaks the older ones as well.
            mcp.client.session.LATEST_HANDSHAKE_VERSION = version
            await run("legacy", version)
        await run("auto", MODERN)
        await run(MODERN, MODERN)


asyncio.run(main())
