import { useState } from "react";
import { CancelBar } from "./cancel-bar";
import { OrderRow } from "./order-row";
import type { Order } from "@/shared/api/schemas";
import { isDone, isOpen, isUnknown, newestFirst } from "@/shared/order-groups";
import { isFresh } from "@/shared/portfolio/connection-state";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useConnection } from "@/shared/portfolio/use-connection";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";
import { useCancel, type Cancels } from "@/shared/use-cancel";

export function OrdersPage() {
  const { loaded, orders } = useStore(portfolioStore);
  const { state } = useConnection();
  const cancels = useCancel();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  if (!loaded) {
    return (
      <p className="empty" role="status">
        {strings.orders.loading}
      </p>
    );
  }

  const all = [...orders.values()].sort(newestFirst);
  const unknown = all.filter(isUnknown);
  const open = all.filter(isOpen);
  const chosen = open.filter((order) => picked.has(order.order_id));
  const pick = (orderId: string, isPicked: boolean): void => {
    setPicked(new Set(isPicked ? [...picked, orderId] : [...picked].filter((id) => id !== orderId)));
  };
  return (
    <section aria-labelledby="orders-title" data-fresh={isFresh(state)} className="orders">
      <div className="heading">
        <h1 id="orders-title">{strings.orders.title}</h1>
        {all.length === 0 ? <p className="hint">{strings.orders.empty}</p> : null}
      </div>
      {unknown.length === 0 ? null : (
        <div className="unknown" role="alert">
          <h2>{strings.orders.unknownTitle}</h2>
          <p>{strings.orders.unknownText}</p>
          <OrderList orders={unknown} cancels={cancels} />
        </div>
      )}
      <h2>{strings.orders.openTitle}</h2>
      <CancelBar open={open} picked={chosen} cancels={cancels} onPick={setPicked} />
      <OrderList orders={open} cancels={cancels} picked={picked} onPick={pick} />
      <h2>{strings.orders.doneTitle}</h2>
      <OrderList orders={all.filter(isDone)} cancels={cancels} />
    </section>
  );
}

interface OrderListProps {
  readonly orders: readonly Order[];
  readonly cancels: Cancels;
  /** Absent where orders are not for choosing. */
  readonly picked?: ReadonlySet<string>;
  readonly onPick?: (orderId: string, isPicked: boolean) => void;
}

function OrderList({ orders, cancels, picked, onPick }: OrderListProps) {
  return orders.length === 0 ? (
    <p className="hint">{strings.orders.none}</p>
  ) : (
    <ul className="cards">
      {orders.map((order) => (
        <OrderRow
          key={order.order_id}
          order={order}
          cancelAsked={cancels.asked.has(order.order_id)}
          problem={cancels.problems.get(order.order_id)}
          question={cancels.questions.get(order.order_id)}
          onCancel={cancels.cancel}
          {...(picked === undefined || onPick === undefined ? {} : { isPicked: picked.has(order.order_id), onPick })}
        />
      ))}
    </ul>
  );
}
