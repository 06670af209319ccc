// Reads tool lists as the compiler wrote them and says which tools a client or a model would refuse: schemas that
// ajv does not compile as 2020-12, and what the APIs of OpenAI and Anthropic take as the input of a function: a name of
// 1 to 64 of A-Z a-z 0-9 _ -, an object at the root without a choice beside it, and property names of the same kind.
//
//     portable.mjs FOLDER     every FOLDER/NAME/src/*.json
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_FOLDER}/package.json`);
const { Ajv2020 } = require("ajv/dist/2020.js");
const found = [];
let tools = 0;

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
    if (!(part in tool)) continue;
    try {
      new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(tool[part]);
    } catch (error) {
      say(`${part} does not compile: ${error.message.slice(0, 200)}`);
    }
  }
}

for (const folder of new Set(globSync(`${process.argv[2]}/*/src/*.json`).map((path) => path.split("/").slice(0, -1).join("/")))) {
  const names = new Set();
  for (const path of globSync(`${folder}/*.json`)) {
    for (const tool of JSON.parse(readFileSync(path, "utf8"))) {
      tools++;
      examine(path.split("/").slice(-3)[0], tool, names);
    }
  }
}
for (const line of found.slice(0, 40)) console.log(`FAILED  ${line}`);
console.log(`portable: ${tools} tools, ${found.length} findings`);
process.exit(found.length ? 1 : 0);
