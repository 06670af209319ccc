// Asks a gateway for its tools and says which of them a client or a model would refuse: schemas that ajv does not compile
// as 2020-12, and what the APIs of OpenAI and Anthropic do not take as the input of a function: a name of 1 to 64 of
// A-Z a-z 0-9 _ -, an object at the root without a choice beside it, and property names of the same kind.
//
//     portable.mjs URL NAMES     NAMES is a file with the name of a server, then a colon, on each line
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_FOLDER}/package.json`);
const { Ajv2020 } = require("ajv/dist/2020.js");
const [url, file] = process.argv.slice(2);
const servers = [...readFileSync(file, "utf8").matchAll(/^ *([^\s:]+):/gm)].map((found) => found[1]);
const found = [];
const totals = {};

async function page(server, version, cursor) {
  const modern = version === "2026-07-28";
  const _meta = { "io.modelcontextprotocol/protocolVersion": version, "io.modelcontextprotocol/clientCapabilities": {} };
  const params = { ...(cursor && { cursor }), ...(modern && { _meta }) };
  const answer = await fetch(`${url}/${server}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": version,
      ...(modern && { "mcp-method": "tools/list" }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params }),
  });
  return (await answer.json()).result;
}

// Both versions show most schemas alike.
const compiled = new Map();
function compiles(schema) {
  const text = JSON.stringify(schema);
  if (!compiled.has(text)) {
    let wrong = null;
    try {
      new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(schema);
    } catch (error) {
      wrong = error.message.slice(0, 200);
    }
    compiled.set(text, wrong);
  }
  return compiled.get(text);
}

function examine(where, tool, names) {
  const say = (what) => found.push(`${where} ${tool.name}: ${what}`);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(tool.name)) say("its name");
  if (names.has(tool.name)) say("a second tool of this name");
  names.add(tool.name);
  if (!tool.description) say("no description");
  const schema = tool.inputSchema;
  if (schema.type !== "object") say("the root is no object");
  for (const keyword of ["oneOf", "anyOf", "allOf", "enum", "not", "$ref"]) if (keyword in schema) say(`${keyword} at the root`);
  for (const name of Object.keys(schema.properties ?? {})) {
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name)) say(`the property ${JSON.stringify(name)}`);
  }
  for (const part of ["inputSchema", "outputSchema"]) {
    const wrong = part in tool ? compiles(tool[part]) : null;
    if (wrong) say(`${part} does not compile: ${wrong}`);
  }
}

for (const version of ["2025-11-25", "2026-07-28"]) {
  const total = (totals[version] = { tools: 0, declared: 0 });
  for (const server of servers) {
    const names = new Set();
    let cursor;
    do {
      const result = await page(server, version, cursor);
      for (const tool of result.tools) {
        total.tools++;
        // What the server declares admits answers that the API does not describe; no list of the compiler does.
        if (JSON.stringify(tool.outputSchema ?? {}).includes('"undescribed"')) total.declared++;
        examine(`${version} ${server}`, tool, names);
      }
      cursor = result.nextCursor;
    } while (cursor);
  }
}
for (const line of found.slice(0, 40)) console.log(`FAILED  ${line}`);
const figures = Object.entries(totals).map(([version, { tools, declared }]) => `${version}: ${tools} tools, ${declared} with an output schema`);
console.log(`portable: ${servers.length} servers (${figures.join("; ")}), ${found.length} findings`);
const empty = Object.values(totals).some(({ tools, declared }) => tools === 0 || declared === 0);
if (empty) console.log("FAILED  nothing was listed, or nothing as the server declares it");
process.exit(found.length || empty ? 1 : 0);
