// Writes libraries.min.js, libraries.min.css and LICENSES.txt from the packages in package-lock.json.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const result = await build({
  absWorkingDir: folder,
  entryPoints: ["libraries.js"],
  outfile: "libraries.min.js",
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  globalName: "QuarryLibraries",
  legalComments: "none",
  metafile: true,
  target: "es2022",
});

// The licenses of exactly the packages that have contributed code.
const packages = new Set();
for (const output of Object.values(result.metafile.outputs)) {
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match && bytesInOutput > 0) {
      packages.add(match[1]);
    }
  }
}

const rule = "=".repeat(80);
const texts = new Map();
for (const name of [...packages].sort()) {
  const root = join(folder, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const text = readFileSync(join(root, "LICENSE"), "utf8").trim();
  texts.set(text, [...(texts.get(text) ?? []), `${name} ${version} (${license})`]);
}

const sections = [...texts].map(([text, names]) => `${rule}\n${names.join("\n")}\n${rule}\n\n${text}\n`);
writeFileSync(join(folder, "LICENSES.txt"), sections.join("\n"));
