// Prints the specification's JSON Schemas as {version: schema}. The conformance suite carries them inside its one file,
// oldest first, as object literals.
//
//     schemas.mjs PATH-OF-THE-SUITE
import { readFileSync } from "node:fs";

const text = readFileSync(process.argv[2], "utf8");
const versions = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];
const starts = [...text.matchAll(/=(\{\$schema:`[^`]*`,(?:definitions|\$defs):\{Annotations:)/g)].map((found) => found.index + 1);
if (starts.length !== versions.length) throw new Error(`${starts.length} schemas in the suite, not ${versions.length}`);

// The literal from its brace to the brace that closes it; braces in strings do not count.
function literal(start) {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if ("`\"'".includes(character)) {
      for (at++; text[at] !== character; at++) if (text[at] === "\\") at++;
    } else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return text.slice(start, at + 1);
  }
  throw new Error("a schema never ends");
}

const schemas = starts.map((start, index) => [versions[index], new Function(`return ${literal(start)}`)()]);
console.log(JSON.stringify(Object.fromEntries(schemas)));
