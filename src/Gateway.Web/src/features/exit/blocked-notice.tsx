import type { Blocked } from "@/shared/api/schemas";
import { formatQuantity } from "@/shared/format";
import { isDone } from "@/shared/order-groups";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";
import { useCancel } from "@/shared/use-cancel";

interface Props {
  readonly blocked: Blocked;
  /** What can be closed by now: it grows again as the orders in the way end. */
  readonly closable: number;
  readonly onCancelAndExit: () => void;
}

/** Why an exit cannot go now, with the orders in its way and a cancel for each. */
export function BlockedNotice({ blocked, closable, onCancelAndExit }: Props) {
  const { orders } = useStore(portfolioStore);
  const { asked, problems, questions, cancel } = useCancel();
  const text = strings.exit;
  const standing = blocked.blocking_orders.filter((id) => {
    const order = orders.get(id);
    return order === undefined || !isDone(order);
  });
  if (standing.length === 0 && closable > 0) {
    return (
      <p className="note good" role="status">
        {text.unblocked}
      </p>
    );
  }

  return (
    <div className="note stack" role="status">
      <strong>{standing.length > 0 ? text.blockedTitle : text.blockedNone}</strong>
      <p>{text.blocked(formatQuantity(closable), formatQuantity(blocked.pending_exit))}</p>
      {standing.length === 0 ? null : (
        <button type="button" className="danger" data-testid="cancel-and-exit" onClick={onCancelAndExit}>
          {text.cancelAndExit}
        </button>
      )}
      {standing.map((id) => (
        <p key={id}>
          <button
            type="button"
            data-testid={`order-cancel-${id}`}
            disabled={asked.has(id) || orders.get(id)?.status === "CANCEL PENDING"}
            onClick={() => {
              cancel(id, questions.get(id));
            }}
          >
            {asked.has(id) ? strings.orders.cancelling : questions.has(id) ? strings.orders.cancelAnyway : text.cancelBlocking(id)}
          </button>
          {problems.has(id) ? <span className="problem">{problems.get(id)}</span> : null}
        </p>
      ))}
    </div>
  );
}
