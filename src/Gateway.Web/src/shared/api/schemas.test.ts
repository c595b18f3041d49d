import { expect, it } from "vitest";
import { orderSchema, positionSchema, streamItemSchema } from "@/shared/api/schemas";

const position = { tradingsymbol: "A", exchange: "NFO", product: "NRML", quantity: -65, last_price: 12.35, pnl: "-4.50", closable_quantity: 65, pending_exit_quantity: 0, lot_size: 65 };

it("takes money as a number or as a decimal text", () => {
  expect(positionSchema.parse(position).pnl).toBe("-4.50");
});

it.each([
  ["a quantity that is no whole number", { quantity: 1.5 }],
  ["a price that is no number", { last_price: "soon" }],
  ["no closable quantity", { closable_quantity: undefined }],
])("refuses a position with %s", (_, wrong) => {
  expect(positionSchema.safeParse({ ...position, ...wrong }).success).toBe(false);
});

it("refuses a side that is neither buy nor sell", () => {
  expect(orderSchema.safeParse({ order_id: "1", transaction_type: "HOLD" }).success).toBe(false);
});

it("refuses a message of an unknown kind", () => {
  expect(streamItemSchema.safeParse({ kind: "surprise" }).success).toBe(false);
});
