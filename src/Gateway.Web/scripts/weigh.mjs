// What a trader loads up to his positions, compressed as a server would send it, must stay within the budget: it is used on poor links. It is the document and
// all that it names, with what those scripts import at once. His positions are one part more, fetched while he logs in; the rest is
// fetched when it is first wanted.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const budgetBytes = 150 * 1024;
const dist = new URL("../dist", import.meta.url).pathname;
const weigh = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
const print = (file) => console.log(`${String(weigh(file)).padStart(8)}  ${file.slice(dist.length + 1)}`);

const add = (found, file) => {
  if (found.has(file) || !existsSync(file)) {
    return;
  }

  found.add(file);
  const text = file.endsWith(".svg") ? "" : readFileSync(file, "utf8");
  const named = file.endsWith(".html")
    ? [...text.matchAll(/(?:src|href)="([^"]+)"/g)]
    : file.endsWith(".js") ? [...text.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w*{][^"'`()]*?from\s*)?["'](\.[^"']+)["']/g)] : [];
  named.forEach(([, name]) => add(found, join(dirname(file), name)));
};
const weighAll = (files) => [...files].reduce((sum, file) => sum + weigh(file), 0);
const assets = readdirSync(join(dist, "assets")).map((name) => join(dist, "assets", name));
const first = new Set();
add(first, join(dist, "index.html"));

const scripts = [...first].filter((file) => file.endsWith(".js"));
if (scripts.length === 0) {
  console.error("The page names no script of its own: the build is not whole.");
  process.exit(1);
}

const account = assets.find((file) => /\/account-[^/]*\.js$/.test(file));
if (account === undefined) {
  console.error("There is no part of the page named account: what a trader's positions need is not known.");
  process.exit(1);
}

const positions = new Set(first);
add(positions, account);
const total = weighAll(first);
const withPositions = weighAll(positions);
[...first].forEach(print);
console.log(`${String(total).padStart(8)}  in all at first, compressed`);
[...positions].filter((file) => !first.has(file)).forEach(print);
console.log(`${String(withPositions).padStart(8)}  up to the positions; the budget is ${budgetBytes}`);
console.log("Later, when wanted:");
assets.filter((file) => !positions.has(file)).forEach(print);
if (withPositions > budgetBytes) {
  console.error("The page is over its budget.");
  process.exit(1);
}
