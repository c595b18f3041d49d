import { ReceiptButton } from "./receipt-button";
import type { Order } from "@/shared/api/schemas";
import { formatAge, formatPrice, formatQuantity, formatTime } from "@/shared/format";
import { isDone, isUnknown } from "@/shared/order-groups";
import { strings } from "@/shared/strings";
import { Problem } from "@/shared/ui/problem";

interface Props {
  readonly order: Order;
  readonly cancelAsked: boolean;
  readonly problem: string | undefined;
  /** A warning to confirm before the cancel goes. */
  readonly question: string | undefined;
  readonly onCancel: (orderId: string, confirm?: string) => void;
  readonly isPicked?: boolean;
  /** Absent where orders are not for choosing. */
  readonly onPick?: (orderId: string, isPicked: boolean) => void;
}

export function OrderRow({ order, cancelAsked, problem, question, onCancel, isPicked, onPick }: Props) {
  const text = strings.orders;
  const cancelling = cancelAsked || order.status === "CANCEL PENDING";
  const cancelText = cancelling ? text.cancelling : question !== undefined ? text.cancelAnyway : isUnknown(order) ? text.cancelUnknown : text.cancel;
  // desk:NAME acted on a call or mail of the client, whose reference is the evidence.
  const placedBy = text.placedBy[order.placed_by?.split(":")[0] ?? ""];
  return (
    <li className="order" data-testid={`order-row-${order.order_id}`} data-status={order.status}>
      <OrderHead order={order} isPicked={isPicked ?? false} onPick={onPick} />
      <p className="order-line">
        <span>{text.filled(formatQuantity(order.filled_quantity), formatQuantity(order.quantity))}</span>
        {Number(order.price ?? 0) > 0 ? <span>{text.atPrice(formatPrice(order.price))}</span> : null}
        {Number(order.trigger_price ?? 0) > 0 ? <span>{text.trigger(formatPrice(order.trigger_price))}</span> : null}
        {order.filled_quantity > 0 ? <span>{text.averageAt(formatPrice(order.average_price))}</span> : null}
        <span>{formatTime(order.order_timestamp)}</span>
        {placedBy ? <span>{order.evidence ? `${placedBy}: ${order.evidence}` : placedBy}</span> : null}
        {isUnknown(order) && order.unknown_since ? <span className="alarm">{text.since(formatTime(order.unknown_since))}</span> : null}
        <QueuePlace order={order} />
      </p>
      {order.status_message ? <p className="order-message" lang="en">{order.status_message}</p> : null}
      <Proof order={order} />
      <ReceiptButton orderId={order.order_id} symbol={order.tradingsymbol} />
      <Problem trouble={problem ?? null} />
      {isDone(order) ? null : (
        <button
          type="button"
          className="cancel"
          data-testid={`order-cancel-${order.order_id}`}
          aria-label={text.cancelLabel(cancelText, order.tradingsymbol, order.order_id)}
          disabled={cancelling}
          onClick={() => {
            onCancel(order.order_id, question);
          }}
        >
          {cancelText}
        </button>
      )}
    </li>
  );
}

interface OrderHeadProps {
  readonly order: Order;
  readonly isPicked: boolean;
  readonly onPick: Props["onPick"] | undefined;
}

function OrderHead({ order, isPicked, onPick }: OrderHeadProps) {
  const text = strings.orders;
  return (
    <div className="order-head">
      {onPick === undefined ? null : (
        <label className="pick">
          <input
            type="checkbox"
            data-testid={`order-pick-${order.order_id}`}
            aria-label={text.pick(order.tradingsymbol, order.order_id)}
            checked={isPicked}
            onChange={(event) => {
              onPick(order.order_id, event.target.checked);
            }}
          />
        </label>
      )}
      <span className="symbol">{order.tradingsymbol}</span>
      <span className="badges">
        <span className={`badge side-${order.transaction_type === "BUY" ? "long" : "short"}`}>{strings.exit.side[order.transaction_type]}</span>
        <span className="badge">{order.product}</span>
        {order.variety && text.variety[order.variety] ? <span className="badge plain">{text.variety[order.variety]}</span> : null}
      </span>
      <span className="state" data-status={order.status}>
        {text.status[order.status] ?? order.status}
      </span>
    </div>
  );
}

function QueuePlace({ order }: { readonly order: Order }) {
  if (order.queue_place === null || order.queue_place === undefined) {
    return null;
  }

  const wait = typeof order.queue_wait_ms === "number" ? strings.orders.wait(formatAge(Math.ceil(order.queue_wait_ms / 1000) * 1000)) : "";
  return <span className="queue">{strings.orders.queue(order.queue_place, wait)}</span>;
}

/** The exchange's own numbers: what a person can quote to anyone. */
function Proof({ order }: { readonly order: Order }) {
  const text = strings.orders;
  return (
    <dl className="proof">
      <div>
        <dt>{text.orderId}</dt>
        <dd>{order.order_id}</dd>
      </div>
      <div>
        <dt>{text.exchangeId}</dt>
        <dd>{order.exchange_order_id ? order.exchange_order_id : text.noProof}</dd>
      </div>
      {order.trades.length === 0 ? null : (
        <div>
          <dt>{text.trades}</dt>
          <dd>
            {order.trades.map((trade) => (
              <span key={trade.trade_id} className="trade">
                {trade.trade_id}: {formatQuantity(trade.quantity)} {text.atPrice(formatPrice(trade.average_price))}, {formatTime(trade.exchange_timestamp)}
              </span>
            ))}
            {order.trades_count > order.trades.length ? (
              <span className="trade">{text.earlierTrades(formatQuantity(order.trades_count - order.trades.length))}</span>
            ) : null}
          </dd>
        </div>
      )}
    </dl>
  );
}
