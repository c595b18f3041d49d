import { NotAnswered } from "./not-answered";
import type { ExitProgress } from "./use-exit";
import type { Order } from "@/shared/api/schemas";
import { formatPrice, formatQuantity } from "@/shared/format";
import { isDone, isUnknown } from "@/shared/order-groups";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";

interface Props {
  readonly progress: Exclude<ExitProgress, { step: "choosing" }>;
  readonly onRetry: () => void;
}

/** What became of the exit: sending, not known, or accepted and then each of its orders as the exchange answers. */
export function ExitAnswer({ progress, onRetry }: Props) {
  return progress.step === "accepted" ? <AcceptedOrders exitId={progress.exitId} answered={progress.orderIds} /> : <NotAnswered progress={progress} onRetry={onRetry} />;
}

/** The orders of the answer, and those that the exit has made since: it may have waited for others to end first. */
function AcceptedOrders({ exitId, answered }: { readonly exitId: string; readonly answered: readonly string[] }) {
  const { orders } = useStore(portfolioStore);
  const since = [...orders.values()].filter((order) => order.plan_id === exitId).map((order) => order.order_id);
  const ids = [...new Set([...answered, ...since])];
  const known = ids.map((id) => orders.get(id)).filter((order) => order !== undefined);
  const outcome = outcomeOf(ids.length, known);
  return (
    <div className="stack" role="status" data-testid="exit-progress" data-step={outcome}>
      <p className={classes[outcome]}>{textOf(outcome)}</p>
      <ul className="cards">
        {ids.map((id) => (
          <AcceptedOrder key={id} id={id} order={orders.get(id)} />
        ))}
      </ul>
    </div>
  );
}

type Outcome = "waiting" | "pending" | "resting" | "done" | "partly" | "unknown";

const classes: Readonly<Record<Outcome, string>> = { waiting: "note", pending: "note", resting: "note", done: "note good", partly: "note", unknown: "unknown" };
const textOf = (outcome: Outcome): string =>
  ({
    waiting: strings.exit.waitingForCancels,
    pending: strings.exit.accepted,
    resting: strings.exit.resting,
    done: strings.exit.done,
    partly: strings.exit.partly,
    unknown: strings.orders.unknownText,
  })[outcome];

function outcomeOf(expected: number, known: readonly Order[]): Outcome {
  if (expected === 0) {
    return "waiting";
  }

  if (known.some(isUnknown)) {
    return "unknown";
  }

  if (known.length < expected || !known.every(isDone)) {
    return known.length === expected && known.every((order) => isDone(order) || order.status === "OPEN") ? "resting" : "pending";
  }

  return known.every((order) => order.status === "COMPLETE") ? "done" : "partly";
}

function AcceptedOrder({ id, order }: { readonly id: string; readonly order: Order | undefined }) {
  const text = strings.orders;
  return (
    <li className="order compact">
      <span>{id}</span>
      <span className="state" data-status={order?.status ?? ""}>
        {order === undefined ? strings.exit.accepted : (text.status[order.status] ?? order.status)}
      </span>
      {order === undefined ? null : (
        <span className="order-line">
          {text.filled(formatQuantity(order.filled_quantity), formatQuantity(order.quantity))}
          {order.filled_quantity > 0 ? ` ${text.averageAt(formatPrice(order.average_price))}` : ""}
          {order.status_message ? `. ${order.status_message}` : ""}
        </span>
      )}
    </li>
  );
}
