// The TypeScript SDK calls the data API's tool: version 1 (@modelcontextprotocol/sdk) and version 2
// (@modelcontextprotocol/client), each in every version of the protocol that it speaks.
//
//     typescript.mjs http URL
//     typescript.mjs stdio COMMAND…
//
// TOKEN is what the API must get as X-TOKEN, KEY the gateway's key.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.NODE_FOLDER}/package.json`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const [first, second] = await Promise.all([
  Promise.all(["index", "stdio", "streamableHttp"].map((name) => load(`@modelcontextprotocol/sdk/client/${name}.js`))),
  Promise.all([load("@modelcontextprotocol/client"), load("@modelcontextprotocol/client/stdio")]),
]).then((sides) => sides.map((modules) => Object.assign({}, ...modules)));

const [kind, ...rest] = process.argv.slice(2);
const { TOKEN, KEY } = process.env;
const headers = { "x-litellm-api-key": `Bearer ${KEY}`, "X-TOKEN": TOKEN, "X-Decoy": "decoy" };
const self = { name: "toolwright-check", version: "1" };

function check(holds, what, found) {
  if (holds) return;
  console.log(`FAILED  ${what}: ${JSON.stringify(found)}`);
  process.exit(1);
}

function transport(sdk) {
  if (kind === "http") return new sdk.StreamableHTTPClientTransport(new URL(rest[0]), { requestInit: { headers } });
  return new sdk.StdioClientTransport({ command: rest[0], args: rest.slice(1), env: { ...process.env } });
}

// Version 1 always offers its latest version; here the offer is another one that it speaks.
function offering(inner, version) {
  const send = inner.send.bind(inner);
  inner.send = (message, options) => {
    if (message.method === "initialize") message.params.protocolVersion = version;
    return send(message, options);
  };
  return inner;
}

async function exercise(name, version, client, spoken) {
  check(spoken() === version, `${name} speaks ${version}`, spoken());
  const { tools } = await client.listTools();
  check(tools.some((tool) => tool.name === "get_item"), `${name} ${version} lists get_item`, tools);
  const result = await client.callTool({ name: "get_item", arguments: { item_id: 7 } });
  const seen = JSON.parse(result.content[0].text)["x-token"];
  check(seen.length === 1 && seen[0] === TOKEN, `${name} ${version} carries the token`, result);
  const refused = await client.callTool({ name: "get_item", arguments: { item_id: "seven" } });
  check(refused.isError === true, `${name} ${version}: a wrong argument is a result that says so`, refused);
  await client.close();
  console.log(`ok      ${name.padEnd(18)} ${version}  ${kind}`);
}

const handshakes = ["2025-03-26", "2025-06-18", "2025-11-25"];
for (const version of handshakes) {
  const client = new first.Client(self);
  const channel = offering(transport(first), version);
  let spoken;
  const note = channel.setProtocolVersion?.bind(channel);
  channel.setProtocolVersion = (said) => {
    spoken = said;
    note?.(said);
  };
  await client.connect(channel);
  await exercise("TypeScript SDK 1", version, client, () => spoken);
}
for (const version of handshakes) {
  const client = new second.Client(self, { supportedProtocolVersions: [version] });
  await client.connect(transport(second));
  await exercise("TypeScript SDK 2", version, client, () => client.getNegotiatedProtocolVersion());
}
for (const mode of ["auto", { pin: "2026-07-28" }]) {
  const client = new second.Client(self, { versionNegotiation: { mode } });
  await client.connect(transport(second));
  await exercise("TypeScript SDK 2", "2026-07-28", client, () => client.getNegotiatedProtocolVersion());
}
process.exit(0);
