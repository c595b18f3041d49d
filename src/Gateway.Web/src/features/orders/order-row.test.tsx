import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { orderSchema } from "@/shared/api/schemas";
import { speak } from "@/shared/strings";
import { english } from "@/shared/strings-en";
import { hindi } from "@/shared/strings-hi";
import { OrderRow } from "./order-row";

const shown = (placedBy: string, evidence: string | null): string => {
  const order = orderSchema.parse({
    order_id: "DEMO01-3",
    exchange_order_id: null,
    status: "OPEN",
    exchange: "NFO",
    tradingsymbol: "NIFTY",
    transaction_type: "SELL",
    product: "NRML",
    quantity: 75,
    filled_quantity: 0,
    pending_quantity: 75,
    price: 101.5,
    placed_by: placedBy,
    evidence,
  });
  render(<OrderRow order={order} cancelAsked={false} problem={undefined} question={undefined} onCancel={() => undefined} />);
  return screen.getByTestId("order-row-DEMO01-3").textContent;
};

afterEach(() => {
  cleanup();
  speak(english);
});

it("says that the desk placed an order for the client, and by which call or mail", () => {
  expect(shown("desk:asha", "CALL-17")).toContain("entered by the desk: CALL-17");
});

it("says it in Hindi", () => {
  speak(hindi);
  expect(shown("desk:asha", "CALL-17")).toContain("डेस्क ने लगाया: CALL-17");
});

it("says nothing of the client's own order, and no more than it knows of the main site's", () => {
  expect(shown("DEMO01", null)).not.toContain("entered");
  cleanup();
  expect(shown("rms", null)).toContain("entered by risk management");
});
