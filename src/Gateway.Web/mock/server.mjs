// A stand-in for the gateway: node mock/server.mjs [port]. Serves dist, the REST paths, the hub and the inbox of the simulator.
// For looking at the page and for trying tests/EndToEnd; no part of the product.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { cancel, find, makeAccount, place, plan, view } from "./account.mjs";

const sockets = createRequire(createRequire(import.meta.url).resolve("@microsoft/signalr"))("ws");
const port = Number(process.argv[2] ?? 8080);
const dist = new URL("../dist", import.meta.url).pathname;
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const account = makeAccount();
const codes = new Map();
const inbox = [];
const endOfMessage = "\u001e";

const success = (data) => [200, { status: "success", data }];
const failure = (code, message, error_type, data = null) => [code, { status: "error", message, error_type, data }];

const routes = {
  "POST /session/otp": ({ client_id }) => {
    const code = String(Math.floor(100000 + Math.random() * 900000));
    codes.set(client_id, code);
    inbox.unshift({ to: "9000000001", text: `${code} is your code for backup trading. Tell nobody.`, at: new Date().toISOString(), kind: "sms" });
    return success({ sent_to: ["SMS to ******0001", "e-mail to d***@clients.example"], expires_in_seconds: 180 });
  },
  "POST /session/token": ({ client_id, code }) =>
    codes.get(client_id) === code
      ? success({ access_token: `t-${client_id}`, expires_in_seconds: 900, client_id, name: "Aarav Demo" })
      : failure(400, "That code is not right. 4 tries are left.", "TwoFAException"),
  "POST /session/renew": () => success({ access_token: "t-DEMO01", expires_in_seconds: 900, client_id: "DEMO01", name: "Aarav Demo" }),
  "POST /session/logout": () => success(true),
  "GET /session/list": () =>
    success(["Chrome on Android", "Firefox on Windows"].map((device, index) => ({
      session_id: `s${index}`, device, address: `10.0.0.${index + 1}`, since: new Date().toISOString(), last_seen: new Date().toISOString(),
      ends_at: new Date().toISOString(), current: index === 0,
    }))),
  "POST /session/revoke": () => success({ ended: 1 }),
  "GET /user/totp": () => success({ enrolled: false, second_factor: false, since: null }),
  "GET /status": () =>
    success({
      mode: "backup", message: "Backup mode: exits and cancels only.", main_site_down_since: "2026-11-20T04:34:00Z",
      notice: { state: "backup", main_site_address: null, text: null, set_at: "2026-11-20T04:40:00Z" },
      exchange: [{ segment: "CM", state: "Disconnected", since: "2026-11-20T04:50:00Z" }, { segment: "FO", state: "Trading", since: null }],
      server_time: new Date().toISOString(), version: "mock",
    }),
  "GET /portfolio/positions": () => success({ net: account.positions.map(view), day: [] }),
  "GET /orders": () => success(account.orders),
  "GET /exits": () => success([]),
  "GET /user/profile": () =>
    success({ user_id: "DEMO01", user_name: "Aarav Demo", email: "demo01@clients.example", exchanges: ["NFO", "NSE"], products: ["CNC", "NRML", "MIS"] }),
  "POST /exits/preview": (body) => success(plan(find(account, body), body)),
  "POST /exits": (body, headers) => {
    const key = headers["idempotency-key"];
    if (!account.exits.has(key)) {
      const held = find(account, body);
      const { closable, quantity } = plan(held, body);
      if (quantity === 0 || quantity > closable) {
        return failure(400, "Orders already on their way would close more than you hold.", "ReduceOnlyException", {
          net: held.quantity, pending_exit: held.pending_exit_quantity, closable, blocking_orders: held.blocking_order_ids,
        });
      }

      account.exits.set(key, { exit_id: randomUUID(), orders: place(account, held, body, 700) });
    }

    return success(account.exits.get(key));
  },
  "POST /hub/portfolio/negotiate": () => [200, {
    connectionId: randomUUID(), connectionToken: randomUUID(), negotiateVersion: 1,
    availableTransports: [{ transport: "WebSockets", transferFormats: ["Text"] }],
  }],
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://mock");
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }

  const [status, body] = answer(request, url, chunks.length > 0 ? Buffer.concat(chunks).toString() : "");
  response.writeHead(status, {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:",
    "content-type": Buffer.isBuffer(body) ? (types[extname(url.pathname)] ?? "text/html") : "application/json",
  });
  response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
});

function answer(request, url, text) {
  if (url.pathname === "/inbox.json") {
    return [200, inbox.filter((message) => message.to === url.searchParams.get("to"))];
  }

  if (request.method === "DELETE" && url.pathname.startsWith("/orders/regular/")) {
    const found = account.orders.find((each) => each.order_id === url.pathname.split("/").at(-1));
    if (found === undefined) {
      return failure(400, "No such order.", "OrderException");
    }

    cancel(account, found);
    return success({ order_id: found.order_id });
  }

  const route = routes[`${request.method} ${url.pathname}`];
  if (route !== undefined) {
    return route(text === "" ? {} : JSON.parse(text), request.headers);
  }

  const file = join(dist, normalize(url.pathname === "/" ? "/index.html" : url.pathname));
  return existsSync(file) ? [200, readFileSync(file)] : failure(404, "Not here.", "GeneralException");
}

new sockets.Server({ server, path: "/hub/portfolio" }).on("connection", (socket) => {
  const send = (message) => socket.readyState === 1 && socket.send(JSON.stringify(message) + endOfMessage);
  let stopStream = () => undefined;
  socket.on("message", (data) => {
    for (const part of data.toString().split(endOfMessage).filter(Boolean)) {
      const message = JSON.parse(part);
      if (message.protocol !== undefined) {
        socket.send("{}" + endOfMessage);
      } else if (message.type === 4) {
        stopStream();
        stopStream = stream((item) => send({ type: 2, invocationId: message.invocationId, item }), message.arguments);
      } else if (message.type === 5) {
        stopStream();
      } else if (message.type === 6) {
        send({ type: 6 });
      }
    }
  });
  socket.on("close", () => stopStream());
});

function stream(tell, [after, streamId]) {
  const base = { stream_id: account.streamId, server_time: new Date().toISOString() };
  if (after !== account.sequence || streamId !== account.streamId) {
    tell({ kind: "snapshot", ...base, sequence: account.sequence, positions: account.positions.map(view), orders: account.orders });
  }

  const beat = setInterval(() => tell({ kind: "heartbeat", stream_id: account.streamId, server_time: new Date().toISOString() }), 2000);
  const walk = setInterval(() => {
    const moved = account.positions.filter((held, index) => index !== 6 && Math.random() < 0.6);
    for (const held of moved) {
      held.last_price = Math.round(held.last_price * (1 + (Math.random() - 0.5) * 0.002) * 20) / 20;
      held.priceAt = Date.now();
    }

    tell({ kind: "prices", server_time: new Date().toISOString(), prices: moved.map(view) });
  }, 700);
  account.listeners.add(tell);
  return () => {
    clearInterval(beat);
    clearInterval(walk);
    account.listeners.delete(tell);
  };
}

server.listen(port, "127.0.0.1", () => console.log(`The mock listens on http://127.0.0.1:${port} (any client id; GET /inbox.json?to=9000000001 for the code).`));
