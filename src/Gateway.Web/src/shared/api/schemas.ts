import * as z from "zod/mini";

/** What the server sends. Nothing inbound reaches the page without passing one of these. Unknown fields are dropped. */

// The page's security policy allows no code made from text, which is zod's fast path.
z.config({ jitless: true });

export const money = z.union([z.number(), z.string().check(z.regex(/^-?\d+(\.\d+)?$/))]);
export const text = z.nullish(z.string());

export const positionSchema = z.object({
  tradingsymbol: z.string(),
  exchange: z.string(),
  product: z.string(),
  underlying: text,
  /** yyyy-mm-dd; none for a share. */
  expiry: text,
  quantity: z.int(),
  average_price: z.nullish(money),
  last_price: z.nullish(money),
  pnl: z.nullish(money),
  m2m: z.nullish(money),
  value: z.nullish(money),
  unrealised: z.nullish(money),
  realised: z.nullish(money),
  closable_quantity: z.int(),
  pending_exit_quantity: z.int(),
  blocking_order_ids: z._default(z.array(z.string()), []),
  as_of: text,
  source: text,
  age_ms: z.nullish(z.number()),
  confidence: text,
  lot_size: z.int(),
  held_back_quantity: z._default(z.int(), 0),
  held_back_reason: text,
  banned: z._default(z.boolean(), false),
});
export type PositionMessage = z.infer<typeof positionSchema>;

const tradeSchema = z.object({
  trade_id: z.string(),
  quantity: z.int(),
  average_price: money,
  exchange_timestamp: text,
});

export const orderSchema = z.object({
  order_id: z.string(),
  exchange_order_id: text,
  status: z.string(),
  status_message: text,
  order_timestamp: text,
  exchange_update_timestamp: text,
  exchange: z.string(),
  tradingsymbol: z.string(),
  transaction_type: z.enum(["BUY", "SELL"]),
  order_type: text,
  product: z.string(),
  quantity: z.int(),
  price: z.nullish(money),
  average_price: z.nullish(money),
  filled_quantity: z.int(),
  pending_quantity: z.int(),
  cancelled_quantity: z._default(z.int(), 0),
  trigger_price: z.nullish(money),
  variety: text,
  placed_by: text,
  evidence: text,
  proof: text,
  unknown_since: text,
  plan_id: text,
  queue_place: z.nullish(z.int()),
  queue_wait_ms: z.nullish(z.number()),
  trades: z._default(z.array(tradeSchema), []),
  trades_count: z._default(z.number(), 0),
});
export type Order = z.infer<typeof orderSchema>;

/** One execution of an order, as the list of an order's trades has it. */
const executionSchema = z.object({
  trade_id: z.string(),
  exchange_order_id: z.string(),
  quantity: z.int(),
  average_price: money,
  fill_timestamp: text,
});
export type Execution = z.infer<typeof executionSchema>;
export const executionsSchema = z.array(executionSchema);

export const profileSchema = z.object({
  user_id: z.string(),
  user_name: z.string(),
  email: z.string(),
  exchanges: z.array(z.string()),
  products: z.array(z.string()),
});
export type Profile = z.infer<typeof profileSchema>;

const priceSchema = z.object({
  exchange: z.string(),
  tradingsymbol: z.string(),
  product: z.string(),
  last_price: z.nullish(money),
  pnl: z.nullish(money),
  m2m: z.nullish(money),
  value: z.nullish(money),
  unrealised: z.nullish(money),
  as_of: text,
  age_ms: z.nullish(z.number()),
  source: text,
});
export type PriceMessage = z.infer<typeof priceSchema>;

export const streamItemSchema = z.object({
  kind: z.enum(["snapshot", "delta", "prices", "heartbeat"]),
  stream_id: text,
  sequence: z.nullish(z.int()),
  from_sequence: z.nullish(z.int()),
  server_time: text,
  positions: z.nullish(z.array(positionSchema)),
  orders: z.nullish(z.array(orderSchema)),
  prices: z.nullish(z.array(priceSchema)),
});
export type StreamItem = z.infer<typeof streamItemSchema>;

export const statusSchema = z.object({
  mode: z.string(),
  message: text,
  main_site_down_since: text,
  notice: z.nullish(z.object({ state: z.string(), main_site_address: text, text })),
  exchange: z.array(z.object({ segment: z.string(), state: z.string(), trading: z.optional(z.boolean()), since: text, note: text })),
  server_time: text,
  version: text,
});
export type SystemStatus = z.infer<typeof statusSchema>;

export const otpSchema = z.object({ sent_to: z.array(z.string()), expires_in_seconds: z.number() });
export type OtpSent = z.infer<typeof otpSchema>;

export const tokenSchema = z.object({
  access_token: z.string().check(z.minLength(1)),
  expires_in_seconds: z.number(),
  /** None: it is one of the broker's people. */
  client_id: text,
  name: text,
  role: z._default(z.string(), "trader"),
});
export type TokenGranted = z.infer<typeof tokenSchema>;

/** What a refusal at the door says beside its words. */
export const loginRefusalSchema = z.object({
  attempts_left: z.optional(z.int()),
  locked_until: z.optional(z.string()),
  /** One code was right, and this other one is needed too. */
  wanted: z.optional(z.enum(["totp", "code"])),
  /** How many try to log in as well. */
  ahead: z.optional(z.int()),
});

export const positionsSchema = z.object({ net: z.array(positionSchema) });
export const ordersSchema = z.array(orderSchema);

export const orderNamedSchema = z.object({ order_id: z.string() });

/** A refusal that goes away when the person confirms what it says. */
export const questionSchema = z.object({ confirm: z.array(z.string()) });

export const blockedSchema = z.object({
  net: z.int(),
  pending_exit: z.int(),
  closable: z.int(),
  blocking_orders: z.array(z.string()),
});
export type Blocked = z.infer<typeof blockedSchema>;

export const errorEnvelopeSchema = z.object({
  status: z.literal("error"),
  message: z.string(),
  error_type: text,
  data: z.optional(z.unknown()),
});

export const successEnvelopeSchema = z.object({ status: z.literal("success"), data: z.unknown() });
