// The first load of the page, compressed as a server would send it, must stay within the budget: it is used on poor links.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const budgetBytes = 150 * 1024;
const dist = new URL("../dist", import.meta.url).pathname;
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !file.startsWith(join(dist, "api-docs/"))); // For readers of the API's description; the page never loads it.
const weights = files.map((file) => [file.slice(dist.length + 1), gzipSync(readFileSync(file), { level: 9 }).length]);
const total = weights.reduce((sum, [, bytes]) => sum + bytes, 0);
for (const [name, bytes] of weights) {
  console.log(`${String(bytes).padStart(8)}  ${name}`);
}

console.log(`${String(total).padStart(8)}  in all, compressed; the budget is ${budgetBytes}`);
if (total > budgetBytes) {
  console.error("The first load is over its budget.");
  process.exit(1);
}
