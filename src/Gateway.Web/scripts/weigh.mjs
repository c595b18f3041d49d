// The first load of the page, compressed as a server would send it, must stay within the budget: it is used on poor links. It is the document and
// all that it names, with what those scripts import at once. What is fetched when it is first wanted is listed apart.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const budgetBytes = 150 * 1024;
const dist = new URL("../dist", import.meta.url).pathname;
const weigh = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
const print = (file) => console.log(`${String(weigh(file)).padStart(8)}  ${file.slice(dist.length + 1)}`);

const first = new Set();
const add = (file) => {
  if (first.has(file) || !existsSync(file)) {
    return;
  }

  first.add(file);
  const text = file.endsWith(".svg") ? "" : readFileSync(file, "utf8");
  const named = file.endsWith(".html")
    ? [...text.matchAll(/(?:src|href)="([^"]+)"/g)]
    : file.endsWith(".js") ? [...text.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w*{][^"'`()]*?from\s*)?["'](\.[^"']+)["']/g)] : [];
  named.forEach(([, name]) => add(join(dirname(file), name)));
};
add(join(dist, "index.html"));

const scripts = [...first].filter((file) => file.endsWith(".js"));
if (scripts.length === 0) {
  console.error("The page names no script of its own: the build is not whole.");
  process.exit(1);
}

[...first].forEach(print);
const total = [...first].reduce((sum, file) => sum + weigh(file), 0);
console.log(`${String(total).padStart(8)}  in all at first, compressed; the budget is ${budgetBytes}`);
console.log("Later, when wanted:");
readdirSync(join(dist, "assets")).map((name) => join(dist, "assets", name)).filter((file) => !first.has(file)).forEach(print);
if (total > budgetBytes) {
  console.error("The first load is over its budget.");
  process.exit(1);
}
