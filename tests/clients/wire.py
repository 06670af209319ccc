"""Every kind of answer, in every version, against the specification's own JSON Schema of that version.

    wire.py URL SUITE NODE

SUITE is the conformance suite's file, which carries the schemas; NODE runs schemas.mjs to get at them. KEY is the
gateway's key, TOKEN what the data API demands.
"""

import base64
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from jsonschema import Draft7Validator, Draft202012Validator

URL, SUITE, NODE = sys.argv[1:]
SCHEMAS = json.loads(
    subprocess.run([NODE, Path(__file__).with_name("schemas.mjs"), SUITE], check=True, capture_output=True).stdout
)
LEGACY = ["2025-03-26", "2025-06-18", "2025-11-25"]
MODERN = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "wire", "version": "1"},
}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
failures = checked = 0


def fail(what: str, found: object) -> None:
    global failures
    failures += 1
    print(f"FAILED  {what}: {found}")


def post(body: object, headers: dict[str, str]) -> tuple[int, str, bytes]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    fixed = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "x-litellm-api-key": f"Bearer {os.environ['KEY']}",
        "X-TOKEN": os.environ["TOKEN"],
    }
    request = urllib.request.Request(URL, data, fixed | headers)
    try:
        with OPENER.open(request) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers.get("Content-Type", ""), answer.read()


def messages(kind: str, data: bytes) -> list:
    """The JSON-RPC messages of an answer, whether it came as JSON or as a stream of events."""
    if kind.startswith("text/event-stream"):
        events = [line[5:] for line in data.decode().splitlines() if line.startswith("data:")]
        return [json.loads(event) for event in events if event.strip()]
    return [json.loads(data)] if data else []


def valid(version: str, name: str, value: object, what: str) -> None:
    global checked
    checked += 1
    schema = SCHEMAS[version]
    key = "$defs" if "$defs" in schema else "definitions"
    validator = Draft202012Validator if key == "$defs" else Draft7Validator
    for error in validator({"$ref": f"#/{key}/{name}", key: schema[key]}).iter_errors(value):
        fail(f"{version} {what} as {name}", f"{error.message[:300]} at {list(error.absolute_path)}")


def envelope(version: str, error: bool) -> str:
    if version in ("2025-03-26", "2025-06-18"):
        return "JSONRPCError" if error else "JSONRPCResponse"
    return "JSONRPCErrorResponse" if error else "JSONRPCResultResponse"


def expect(version: str, what: str, answer: tuple, status: int, code: int | None, result: str | None) -> dict:
    """Status, error code or result type, and both against the schema."""
    got, kind, data = answer
    if got != status:
        fail(f"{version} {what}", f"HTTP {got} instead of {status}: {data[:300]!r}")
        return {}
    *notes, last = messages(kind, data)
    for note in notes:
        valid(version, "ServerNotification", note, what)
    valid(version, envelope(version, code is not None), last, what)
    if code is not None:
        if last.get("error", {}).get("code") != code:
            fail(f"{version} {what}", f"code {code} expected, got {last}")
        return last.get("error", {})
    if result:
        valid(version, result, last.get("result"), what)
    return last.get("result", {})


def request(version: str, method: str, params: dict | None = None, id: object = 1, **headers: str) -> tuple:
    """A request as a client of that version sends it; `headers` (with _ for -) replace or, as "", drop one."""
    body: dict = {"jsonrpc": "2.0", "id": id, "method": method}
    sent = {}
    if version == MODERN:
        params = {"_meta": META} | (params or {})
        sent = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method}
        if method == "tools/call" and isinstance(params.get("name"), str):
            sent["Mcp-Name"] = params["name"]
    elif version != "2025-03-26":
        sent = {"MCP-Protocol-Version": version}
    if params is not None:
        body["params"] = params
    for name, value in headers.items():
        sent[name.replace("_", "-")] = value
    return post(body, {name: value for name, value in sent.items() if value != ""})


def every_version(version: str) -> None:
    modern = version == MODERN
    listed = expect(version, "tools/list", request(version, "tools/list"), 200, None, "ListToolsResult")
    for tool in listed["tools"]:
        valid(version, "Tool", tool, f"tool {tool['name']}")
    call = {"name": "get_item", "arguments": {"item_id": 7}}
    for what, params, failed in [
        ("a call", call, False),
        ("a wrong argument", {**call, "arguments": {"item_id": "x"}}, True),
        ("no arguments", {"name": "get_item"}, True),
        ("an upstream's 404", {"name": "whoami"}, True),
    ]:
        result = expect(version, what, request(version, "tools/call", params), 200, None, "CallToolResult")
        if bool(result.get("isError")) != failed:
            fail(f"{version} {what}", result)
        if modern and result.get("resultType") != "complete":
            fail(f"{version} {what}: resultType", result)
    for id in ("text", 0, -1, 9007199254740991, "", "\u2028"):
        answer = request(version, "tools/call", call, id=id)
        if json.loads(answer[2])["id"] != id:
            fail(f"{version} id {id!r}", answer)
    expect(version, "unknown tool", request(version, "tools/call", {"name": "nope"}), 200, -32602, None)
    expect(version, "bad cursor", request(version, "tools/list", {"cursor": "forged"}), 200, -32602, None)
    expect(version, "unknown method", request(version, "no/such"), 404 if modern else 200, -32601, None)
    expect(version, "resources/read", request(version, "resources/read", {"uri": "x:y"}), 404 if modern else 200, -32601, None)


def legacy(version: str) -> None:
    every_version(version)
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "wire", "version": "1"}}
    result = expect(version, "initialize", request(version, "initialize", params), 200, None, "InitializeResult")
    if result.get("protocolVersion") != version:
        fail(f"{version} initialize", result)
    unknown = {**params, "protocolVersion": "1999-01-01"}
    result = expect("2025-11-25", "another version", request(version, "initialize", unknown), 200, None, "InitializeResult")
    if result.get("protocolVersion") != "2025-11-25":
        fail(f"{version} initialize with an unknown version", result)
    expect(version, "ping", request(version, "ping"), 200, None, "EmptyResult")
    headers = {} if version == "2025-03-26" else {"MCP-Protocol-Version": version}
    for method in ("notifications/initialized", "notifications/cancelled", "notifications/unheard-of"):
        answer = post({"jsonrpc": "2.0", "method": method}, headers)
        if answer[0] != 202 or answer[2]:
            fail(f"{version} {method}", answer)
    if post({"jsonrpc": "2.0", "id": 1, "result": {}}, headers)[0] // 100 != 4:
        fail(f"{version} a response", "was accepted")
    batch = [
        {"jsonrpc": "2.0", "id": "a", "method": "ping"},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "get_item", "arguments": {"item_id": 7}}},
        {"jsonrpc": "2.0", "id": 3, "method": "no/such"},
    ]
    status, _, data = post(batch, headers)
    if version != "2025-03-26":
        if status != 400 or json.loads(data)["error"]["code"] != -32600:
            fail(f"{version} a batch", (status, data))
        return
    valid(version, "JSONRPCBatchResponse", json.loads(data), "a batch")
    if [answer["id"] for answer in json.loads(data)] != ["a", 2, 3]:
        fail("a batch's answers", data)


def modern() -> None:
    every_version(MODERN)
    expect(MODERN, "server/discover", request(MODERN, "server/discover"), 200, None, "DiscoverResult")
    expect(MODERN, "ping is gone", request(MODERN, "ping"), 404, -32601, None)
    expect(MODERN, "subscriptions/listen", request(MODERN, "subscriptions/listen"), 404, -32601, None)
    call = {"name": "get_item", "arguments": {"item_id": 7}}
    encoded = base64.b64encode(b"get_item").decode()
    for what, headers in [
        ("Mcp-Name as base64", {"Mcp_Name": f"=?base64?{encoded}?="}),
        ("a session id is ignored", {"Mcp_Session_Id": "x"}),
        ("Last-Event-ID is ignored", {"Last_Event_ID": "1"}),
        ("an unknown Mcp-Param is ignored", {"Mcp_Param_Region": "x"}),
    ]:
        expect(MODERN, what, request(MODERN, "tools/call", call, **headers), 200, None, "CallToolResult")
    for what, headers in [
        ("no Mcp-Method", {"Mcp_Method": ""}),
        ("another Mcp-Method", {"Mcp_Method": "tools/list"}),
        ("Mcp-Method in another case", {"Mcp_Method": "Tools/Call"}),
        ("no Mcp-Name", {"Mcp_Name": ""}),
        ("another Mcp-Name", {"Mcp_Name": "whoami"}),
        ("bad base64", {"Mcp_Name": "=?base64?***?="}),
        ("no version header", {"MCP_Protocol_Version": ""}),
        ("another version header", {"MCP_Protocol_Version": "2025-11-25"}),
    ]:
        expect(MODERN, what, request(MODERN, "tools/call", call, **headers), 400, -32020, None)
    for missing in ("io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientCapabilities"):
        meta = {key: value for key, value in META.items() if key != missing}
        expect(MODERN, f"no {missing}", request(MODERN, "tools/list", {"_meta": meta}), 400, -32602, None)
    meta = {key: value for key, value in META.items() if not key.endswith("clientInfo")}
    expect(MODERN, "no clientInfo", request(MODERN, "tools/list", {"_meta": meta}), 200, None, "ListToolsResult")
    meta = META | {"io.modelcontextprotocol/protocolVersion": "2099-01-01"}
    answer = request(MODERN, "tools/list", {"_meta": meta}, MCP_Protocol_Version="2099-01-01")
    error = expect(MODERN, "an unknown version", answer, 400, -32022, None)
    if error.get("data", {}).get("requested") != "2099-01-01" or MODERN not in error["data"]["supported"]:
        fail("the data of -32022", error)
    for what, body, code in [
        ("not JSON", b"{", -32700),
        ("no method", b'{"jsonrpc":"2.0","id":1}', -32600),
        ("id null", b'{"jsonrpc":"2.0","id":null,"method":"tools/list"}', -32600),
        ("id twice", b'{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}', -32600),
        ("a batch", b'[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', -32600),
    ]:
        expect(MODERN, what, post(body, {"MCP-Protocol-Version": MODERN, "Mcp-Method": "tools/list"}), 400, code, None)


for version in LEGACY:
    legacy(version)
modern()
print(f"{'FAILED ' if failures else 'ok     '} {checked} answers against the schemas of {len(SCHEMAS)} versions")
sys.exit(bool(failures))
