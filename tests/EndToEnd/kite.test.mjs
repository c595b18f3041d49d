// Kite Connect's official client, unchanged, against a real node: only its address is another one. What it needs comes by the environment; see README.md.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KiteConnect, KiteTicker } from "kiteconnect";
import { waitForCode } from "./inbox.mjs";
import { need, until, waitMs } from "./trader.mjs";

const root = need("PAGE_URL").replace(/\/$/, "");
const inboxUrl = need("INBOX_URL");
const clientId = need("KITE_CLIENT_ID");
const mobile = need("KITE_CLIENT_MOBILE");

// The app of hocon/local.conf.
const apiKey = "backup-demo";
const apiSecret = "backup-demo-secret";

const kite = new KiteConnect({ api_key: apiKey, root });
let session;
let ticker;
let position;

before(async () => {
  const since = Date.now();
  await post("session/otp", { client_id: clientId });
  const code = await waitForCode(inboxUrl, mobile, since, waitMs);
  const { request_token: requestToken } = await post("session/request-token", { client_id: clientId, code, api_key: apiKey });
  session = await kite.generateSession(requestToken, apiSecret);
});

after(() => ticker?.disconnect());

async function post(path, body) {
  const answer = await fetch(`${root}/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const said = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(said));
  return said.data;
}

test("the session is the client's, and its token can be renewed", async () => {
  assert.equal(session.user_id, clientId);
  assert.equal((await kite.getProfile()).user_id, clientId);
  const first = session.access_token;
  const renewed = await kite.renewAccessToken(session.refresh_token, apiSecret);
  assert.equal(renewed.user_id, clientId);
  assert.notEqual(renewed.access_token, first);
  assert.equal((await kite.getProfile()).user_id, clientId);
});

test("positions, holdings, orders, trades and instruments are listed", async () => {
  const { net } = await kite.getPositions();
  position = net.find((one) => one.quantity !== 0 && one.closable_quantity === Math.abs(one.quantity) && one.last_price > 1);
  assert.ok(position, `a position to exit, among ${JSON.stringify(net.map((one) => [one.tradingsymbol, one.quantity, one.closable_quantity, one.last_price]))}`);
  assert.ok(Array.isArray(await kite.getOrders()));
  assert.ok(Array.isArray(await kite.getTrades()));
  assert.ok(Array.isArray(await kite.getHoldings()));
  const instruments = await kite.getInstruments(position.exchange);
  const listed = instruments.find((one) => one.tradingsymbol === position.tradingsymbol);
  assert.equal(Number(listed.instrument_token), position.instrument_token);
  assert.equal(Number(listed.lot_size), position.lot_size);
  assert.equal(listed.exchange, position.exchange);
  assert.ok((await kite.getInstruments()).length > instruments.length);
});

test("a last price comes under the name that was asked for", async () => {
  const name = `${position.exchange}:${position.tradingsymbol}`;
  const prices = await until(async () => {
    const found = await kite.getLTP([name, "NSE:NOBODY"]);
    return found[name] && found;
  }, `a price of ${name}`);
  assert.deepEqual(Object.keys(prices), [name]);
  assert.equal(prices[name].instrument_token, position.instrument_token);
  assert.ok(prices[name].last_price > 0);
});

test("what is refused is refused in Kite's words", async () => {
  await assert.rejects(kite.getMargins(), (no) => no.error_type === "DataException");
  const order = { exchange: position.exchange, tradingsymbol: position.tradingsymbol, product: position.product, quantity: position.lot_size, order_type: "MARKET" };
  await assert.rejects(kite.placeOrder("regular", { ...order, transaction_type: position.quantity > 0 ? "BUY" : "SELL" }), (no) => no.error_type === "ReduceOnlyException" && no.message.length > 10);
  await assert.rejects(kite.cancelOrder("regular", `${clientId}-9999`), (no) => no.error_type === "OrderException");
  const stranger = new KiteConnect({ api_key: apiKey, root, access_token: `${session.access_token}x` });
  await assert.rejects(stranger.getOrders(), (no) => no.error_type === "TokenException");
  await assert.rejects(new KiteConnect({ api_key: apiKey, root }).generateSession("guessed", apiSecret), (no) => no.error_type === "TokenException");
});

test("the ticker tells prices in three modes and orders from their taking to their cancel", async () => {
  const token = position.instrument_token;
  const ticks = [];
  const updates = [];
  ticker = new KiteTicker({ api_key: apiKey, access_token: kite.access_token, root: `${root.replace(/^http/, "ws")}/ws` });
  ticker.autoReconnect(false, 0, 5);
  ticker.on("ticks", (some) => ticks.push(...some));
  ticker.on("order_update", (order) => updates.push(order));
  const connected = new Promise((resolve, reject) => {
    ticker.on("connect", resolve);
    ticker.on("error", (failure) => reject(new Error(failure.message)));
  });
  ticker.connect();
  await connected;
  ticker.subscribe([token]);
  for (const mode of ["ltp", "quote", "full"]) {
    ticker.setMode(mode, [token]);
    const tick = await until(() => ticks.find((one) => one.mode === mode && one.instrument_token === token), `a tick in mode ${mode}`);
    assert.ok(tick.last_price > 0);
    assert.ok(mode === "ltp" || Math.abs(tick.ohlc.close - position.close_price) < 0.005, `close ${tick.ohlc?.close}, expected ${position.close_price}`);
    assert.ok(mode !== "full" || Math.abs(Date.now() - tick.exchange_timestamp) < 120_000, `made at ${tick.exchange_timestamp}`);
  }

  // Far from the market, so that it rests.
  const isSell = position.quantity > 0;
  const price = Math.round((position.last_price * (isSell ? 1.04 : 0.96)) / position.tick_size) * position.tick_size;
  const placed = await kite.placeOrder("regular", {
    exchange: position.exchange, tradingsymbol: position.tradingsymbol, product: position.product, transaction_type: isSell ? "SELL" : "BUY", quantity: position.lot_size, order_type: "LIMIT", price: Number(price.toFixed(2)),
  });
  const told = (status) => until(() => updates.find((one) => one.order_id === placed.order_id && one.status === status), `an update ${status}; there were ${updates.map((one) => one.status)}`);
  const open = await told("OPEN");
  assert.equal(open.quantity, position.lot_size);
  assert.ok(open.exchange_order_id.length > 0);
  assert.equal((await kite.getOrders()).find((one) => one.order_id === placed.order_id).status, "OPEN");

  await kite.cancelOrder("regular", placed.order_id);
  await told("CANCELLED");
  const history = await kite.getOrderHistory(placed.order_id);
  assert.deepEqual([history[0].status, history.at(-1).status], ["PUT ORDER REQ RECEIVED", "CANCELLED"]);
  assert.ok(history[0].order_timestamp instanceof Date);
  assert.deepEqual(await kite.getOrderTrades(placed.order_id), []);
  ticker.disconnect();
});
