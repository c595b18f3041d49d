import * as z from "zod/mini";
import { money, orderSchema, text } from "@/shared/api/schemas";

/** What the server says of exits: what one would do, and what became of it. */

const positionNameSchema = z.object({ exchange: z.string(), tradingsymbol: z.string(), product: z.string() });
export type PositionName = z.infer<typeof positionNameSchema>;

/** What a person must have read before an exit that may still surprise. */
const warningSchema = z.object({ name: z.string(), message: z.string() });
export type ExitWarning = z.infer<typeof warningSchema>;

const side = z.enum(["BUY", "SELL"]);

export const previewSchema = z.object({
  side,
  quantity: z.int(),
  slices: z.array(z.int()),
  price: money,
  last_price: z.nullish(money),
  protection_percent: z.nullish(money),
  as_of: text,
  premium_needed: z._default(money, 0),
  warnings: z._default(z.array(warningSchema), []),
});
export type ExitPreview = z.infer<typeof previewSchema>;

const refusalSchema = z.object({ code: z.int(), reason: z.string(), message: z.string() });
export type LineRefusal = z.infer<typeof refusalSchema>;

const previewLineSchema = z.object({
  position: positionNameSchema,
  side: z.nullish(side),
  quantity: z.int(),
  slices: z._default(z.array(z.int()), []),
  price: z.nullish(money),
  is_hedge: z._default(z.boolean(), false),
  refused: z.nullish(refusalSchema),
});
export type PreviewLine = z.infer<typeof previewLineSchema>;

/** Line by line in send order; what would not go is at the end, with why. */
export const manyPreviewSchema = z.object({
  lines: z.array(previewLineSchema),
  premium_needed: z._default(money, 0),
  warnings: z._default(z.array(warningSchema), []),
});
export type ManyPreview = z.infer<typeof manyPreviewSchema>;

const exitLineSchema = z.object({
  position: positionNameSchema,
  side,
  quantity: z.int(),
  filled: z.int(),
  /** Units that orders still hold. */
  working: z.int(),
  /** Units that are not released yet. */
  held: z.int(),
  is_hedge: z._default(z.boolean(), false),
  waits_for: z._default(z.array(z.string()), []),
  /** A price nearer to the market for what rests. */
  reprice: z.nullish(z.object({ order_id: z.string(), price: money, last_price: money })),
});
export type ExitLine = z.infer<typeof exitLineSchema>;

const refusedLineSchema = z.extend(refusalSchema, { position: positionNameSchema });
export type RefusedLine = z.infer<typeof refusedLineSchema>;

export const exitSchema = z.object({
  exit_id: z.string(),
  status: z._default(z.enum(["running", "stopping", "done", "stopped"]), "running"),
  accepted_at: text,
  lines: z._default(z.array(exitLineSchema), []),
  refused: z._default(z.array(refusedLineSchema), []),
  orders: z._default(z.array(orderSchema), []),
});
export type Exit = z.infer<typeof exitSchema>;

export const exitsSchema = z.array(exitSchema);
