import { RepriceButton } from "./reprice-button";
import type { ExitLine } from "@/shared/api/exit-schemas";
import type { Order } from "@/shared/api/schemas";
import { reasonsOf, type LineState } from "@/shared/exits/exit-progress";
import { formatPrice, formatQuantity } from "@/shared/format";
import { strings } from "@/shared/strings";

interface Props {
  readonly line: ExitLine;
  readonly orders: readonly Order[];
  readonly state: LineState;
}

/** One position of an exit: how much of it is out, what the rest does, and what the exchange said. */
export function ExitLineRow({ line, orders, state }: Props) {
  const text = strings.plan;
  const reasons = reasonsOf(orders);
  return (
    <li className="order compact" data-testid={`exit-line-${line.position.tradingsymbol}-${line.position.product}`} data-state={state}>
      <div className="order-head">
        <span className={`badge side-${line.side === "BUY" ? "long" : "short"}`}>{strings.exit.side[line.side]}</span>
        <span className="symbol">{line.position.tradingsymbol}</span>
        <span className="state" data-status={statusWord[state]}>
          {text.state[state]}
        </span>
      </div>
      <progress max={line.quantity} value={line.filled} aria-label={text.progress(line.position.tradingsymbol)} />
      <p className="order-line">
        {text.exited(formatQuantity(line.filled), formatQuantity(line.quantity))} {explain(line, state, orders)}
      </p>
      {reasons.map((reason) => (
        <p key={reason} className="order-message" lang="en">
          {reason}
        </p>
      ))}
      {state === "working" ? <RepriceButton line={line} resting={orders.filter((order) => order.status === "OPEN")} /> : null}
    </li>
  );
}

/** The colour of a state is that of the order's state it is most like. */
const statusWord: Readonly<Record<LineState, string>> = {
  unknown: "UNKNOWN",
  cancelling: "",
  working: "",
  waiting: "",
  queued: "",
  done: "COMPLETE",
  failed: "REJECTED",
};

function explain(line: ExitLine, state: LineState, orders: readonly Order[]): string {
  const text = strings.plan;
  switch (state) {
    case "unknown":
      return strings.orders.unknownText;
    case "cancelling":
      return text.waitsForCancels(line.waits_for.length);
    case "waiting":
      return text.waitsForShorts(formatQuantity(line.held));
    case "queued":
      return text.notSentYet(formatQuantity(line.held));
    case "working": {
      const resting = orders.find((order) => order.status === "OPEN");
      return resting === undefined ? text.atWork : text.restsAt(formatPrice(resting.price));
    }
    case "failed":
      return text.nothingWorks(formatQuantity(line.quantity - line.filled));
    case "done":
      return "";
  }
}
