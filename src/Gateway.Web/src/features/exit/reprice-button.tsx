import { useState } from "react";
import { ApiError } from "@/shared/api/http";
import { changePrice } from "@/shared/api/requests";
import type { Order } from "@/shared/api/schemas";
import { toReprice, type Residual } from "@/shared/exits/residual";
import { formatPrice } from "@/shared/format";
import { strings } from "@/shared/strings";
import { Problem } from "@/shared/ui/problem";

/** Moves what rests to the price that the server offers, the one that is read on the button. Nothing is shown while none is offered. */
export function RepriceButton({ line, resting }: Pick<Residual, "line" | "resting">) {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const orders = toReprice({ line, resting });
  const price = line.reprice?.price;
  const send = async (wanted: readonly Order[], newPrice: number | string): Promise<void> => {
    setSending(true);
    setProblem(null);
    try {
      for (const order of wanted) {
        await changePrice(order.order_id, newPrice);
      }
    } catch (error) {
      setProblem(error instanceof ApiError ? (error.unanswered ? strings.residual.unanswered : error.message) : strings.errors.network);
    } finally {
      setSending(false);
    }
  };

  return (
    <>
      {price === undefined || orders.length === 0 ? null : (
        <button
          type="button"
          className="reprice"
          data-testid={`reprice-${line.position.tradingsymbol}-${line.position.product}`}
          disabled={sending}
          onClick={() => void send(orders, price)}
        >
          {sending ? strings.residual.changing : strings.residual.change(formatPrice(price))}
        </button>
      )}
      <Problem trouble={problem} />
    </>
  );
}
