import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const endOfMessage = "\u001e";
const isItem = 2;

/** Counts what comes over the live lines of a page, by kind. */
export function countKinds(page) {
  const kinds = new Map();
  let opened = 0;
  page.on("websocket", (socket) => {
    opened++;
    socket.on("framereceived", ({ payload }) => {
      for (const part of String(payload).split(endOfMessage).filter(Boolean)) {
        const message = JSON.parse(part);
        if (message.type === isItem) {
          kinds.set(message.item.kind, (kinds.get(message.item.kind) ?? 0) + 1);
        }
      }
    });
  });
  return {
    of: (kind) => kinds.get(kind) ?? 0,
    lines: () => opened,
    /** Waits until there have been more lines than `before`. */
    next: async (before, withinMs) => {
      for (const deadline = Date.now() + withinMs; opened <= before; await pause(50)) {
        if (Date.now() > deadline) {
          throw new Error(`No new live line was opened within ${withinMs} ms; there were ${before}.`);
        }
      }
    },
  };
}

/** A network between the browser and the server that can be cut: what was open breaks, and what is new gets no further until it is mended. */
export async function layNetwork(serverUrl) {
  const server = new URL(serverUrl);
  const open = new Set();
  let waiting = null;
  const lead = (near) => {
    const far = connect(Number(server.port), server.hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  };
  const door = createServer((near) => (waiting === null ? lead(near) : waiting.push(near)));
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  return {
    url: `http://127.0.0.1:${door.address().port}/`,
    cut: () => {
      waiting = [];
      open.forEach((socket) => socket.destroy());
    },
    mend: () => {
      const held = waiting;
      waiting = null;
      held.forEach(lead);
    },
    close: () => {
      open.forEach((socket) => socket.destroy());
      door.close();
    },
  };
}
