import type { Order } from "@/shared/api/schemas";
import { strings } from "@/shared/strings";
import { HoldButton } from "@/shared/ui/hold-button";
import type { Cancels } from "@/shared/use-cancel";

interface Props {
  readonly open: readonly Order[];
  readonly picked: readonly Order[];
  readonly cancels: Cancels;
  readonly onPick: (picked: ReadonlySet<string>) => void;
}

/** Cancels of more than one order. Each is asked for and answered on its own; what asks back or is refused says so on its row. */
export function CancelBar({ open, picked, cancels, onPick }: Props) {
  const text = strings.orders;
  const waiting = open.filter((order) => !isCancelling(order, cancels));
  const shown = picked.length > 0 ? picked.filter((order) => !isCancelling(order, cancels)) : waiting;
  const asked = open.filter((order) => isCancelling(order, cancels)).length;
  const inDoubt = open.filter((order) => cancels.problems.has(order.order_id)).length;
  if (open.length < 2 && inDoubt === 0) {
    return null;
  }

  return (
    <div className="cancel-bar">
      <button
        type="button"
        className="quiet"
        data-testid="orders-pick-all"
        onClick={() => {
          onPick(new Set(picked.length === open.length ? [] : open.map((order) => order.order_id)));
        }}
      >
        {picked.length === open.length ? strings.view.selectNone : strings.view.selectAll(open.length)}
      </button>
      <HoldButton
        testId="orders-cancel-many"
        className="cancel-many"
        label={picked.length > 0 ? text.cancelSelected(shown.length) : text.cancelAll(shown.length)}
        disabled={shown.length === 0}
        onConfirm={() => {
          cancels.cancelMany(shown.map((order) => order.order_id));
          onPick(new Set());
        }}
      />
      <p className="hint" role="status" data-testid="cancel-answer">
        {[asked > 0 ? text.cancelsAsked(asked) : "", inDoubt > 0 ? text.cancelsRefused(inDoubt) : ""].filter((part) => part !== "").join(" ")}
      </p>
    </div>
  );
}

const isCancelling = (order: Order, cancels: Cancels): boolean => cancels.asked.has(order.order_id) || order.status === "CANCEL PENDING";
