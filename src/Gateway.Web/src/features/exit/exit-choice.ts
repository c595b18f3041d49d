import type { ExitRequest } from "@/shared/api/requests";
import type { Position } from "@/shared/portfolio/portfolio";

/** What the person chose: a share of what is closable, or a number of units. */
export type ExitChoice = { readonly kind: "percent"; readonly percent: 100 | 50 | 25 } | { readonly kind: "quantity"; readonly quantity: number };

/** The request of a choice. All of it is asked for as such, so that nothing is left over by rounding. */
export function toRequest(position: Pick<Position, "exchange" | "tradingsymbol" | "product">, choice: ExitChoice): ExitRequest {
  const named = { exchange: position.exchange, tradingsymbol: position.tradingsymbol, product: position.product };
  if (choice.kind === "quantity") {
    return { ...named, mode: "quantity", quantity: choice.quantity };
  }

  return choice.percent === 100 ? { ...named, mode: "full" } : { ...named, mode: "percent", percent: choice.percent };
}

/** One lot more or less than the quantity shown, within one lot and what is closable; lots stay whole except for the last rest. */
export function stepQuantity(quantity: number, lots: 1 | -1, lotSize: number, closable: number): number {
  const lot = Math.max(1, lotSize);
  const stepped = lots > 0 ? Math.floor(quantity / lot) * lot + lot : Math.ceil(quantity / lot) * lot - lot;
  return Math.min(Math.max(stepped, Math.min(lot, closable)), closable);
}
