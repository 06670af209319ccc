// Every answer that the tests got, against the specification's JSON Schema of its version. The Rust tests write them down
// while TOOLWRIGHT_RECORD names a folder (tests/support/record.rs).
//
//     recorded.mjs FOLDER SUITE     SUITE is the conformance suite's file, which carries the schemas
import { execFileSync } from "node:child_process";
import { createReadStream, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const require = createRequire(`${process.env.NODE_FOLDER}/package.json`);
const { Ajv2020 } = require("ajv/dist/2020.js");
const { Ajv } = require("ajv");
const [folder, suite] = process.argv.slice(2);
const reader = fileURLToPath(new URL("schemas.mjs", import.meta.url));
const schemas = JSON.parse(execFileSync(process.execPath, [reader, suite], { maxBuffer: 1 << 28 }));
const versions = Object.keys(schemas);
const modern = versions.at(-1);
const results = { initialize: "InitializeResult", "server/discover": "DiscoverResult", "tools/list": "ListToolsResult", "tools/call": "CallToolResult", ping: "EmptyResult" };

const validators = new Map();
function validator(version, name) {
  const key = `${version} ${name}`;
  if (!validators.has(key)) {
    const schema = schemas[version];
    const defs = "$defs" in schema ? "$defs" : "definitions";
    const ajv = new (defs === "$defs" ? Ajv2020 : Ajv)({ strict: false, validateFormats: false, logger: false });
    validators.set(key, ajv.compile({ $ref: `#/${defs}/${name}`, [defs]: schema[defs] }));
  }
  return validators.get(key);
}

const failures = [];
const counts = Object.fromEntries(versions.map((version) => [version, 0]));
function valid(version, name, value, record) {
  const check = validator(version, name);
  if (!check(value)) failures.push(`${version} ${name}: ${JSON.stringify(check.errors.slice(0, 3))}\n  ${JSON.stringify(record).slice(0, 600)}`);
}

// An answer belongs to the version of its `_meta`, a handshake's to the one that it settles, any other to that of the
// header or the handshake before it, or else to the oldest.
function versionOf(request, record, answer) {
  const said = request?.params?._meta?.["io.modelcontextprotocol/protocolVersion"];
  if (said !== undefined) return modern;
  if (request?.method === "initialize" && answer.result) return answer.result.protocolVersion;
  return versions.includes(record.version) ? record.version : versions[0];
}

function message(answer, request, record) {
  const version = versionOf(request, record, answer);
  counts[version]++;
  const older = version < "2025-11-25";
  if ("method" in answer) return valid(version, "ServerNotification", answer, record);
  if ("error" in answer) {
    // JSON-RPC wants `null` where the id could not be read, and these schemas have no word for it.
    const whole = older && answer.id === null ? { ...answer, id: 0 } : answer;
    return valid(version, older ? "JSONRPCError" : "JSONRPCErrorResponse", whole, record);
  }
  valid(version, older ? "JSONRPCResponse" : "JSONRPCResultResponse", answer, record);
  const name = results[request?.method];
  if (!name) return failures.push(`a result of ${request?.method}: ${JSON.stringify(record).slice(0, 600)}`);
  valid(version, name, answer.result, record);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

let lines = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith(".jsonl"))) {
  for await (const line of createInterface({ input: createReadStream(`${folder}/${file}`), crlfDelay: Infinity })) {
    lines++;
    const record = JSON.parse(line);
    const request = parsed(record.request);
    const events = record.answer.startsWith("event:") ? record.answer.split("\n").filter((text) => text.startsWith("data: ")).map((text) => text.slice(6)) : [record.answer];
    for (const event of events) {
      const answer = parsed(event);
      // What is refused before it is a message, or accepted without an answer, has no such body.
      if (Array.isArray(answer)) {
        const asked = new Map((Array.isArray(request) ? request : []).map((one) => [JSON.stringify(one?.id), one]));
        for (const one of answer) message(one, asked.get(JSON.stringify(one.id)), record);
      } else if (answer?.jsonrpc) message(answer, request, record);
      else if (record.status === 200 && !answer?.content && !answer?.tools) failures.push(`no message: ${JSON.stringify(record).slice(0, 600)}`);
    }
  }
}
for (const failure of failures.slice(0, 30)) console.log(`FAILED  ${failure}`);
const missing = versions.filter((version) => counts[version] === 0);
if (missing.length) console.log(`FAILED  no answers of ${missing.join(", ")} in ${folder}: run \`.ci/run test\` first`);
console.log(`recorded: ${lines} answers (${versions.map((version) => `${version}: ${counts[version]}`).join(", ")}), ${failures.length} against their schema`);
process.exit(failures.length || missing.length ? 1 : 0);
