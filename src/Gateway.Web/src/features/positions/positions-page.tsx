import { sortByLoss } from "./position-order";
import { PositionRow } from "./position-row";
import { isFresh } from "@/shared/portfolio/connection-state";
import { portfolioStore } from "@/shared/portfolio/portfolio-link";
import { useConnection } from "@/shared/portfolio/use-connection";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";

const columns = ["contract", "quantity", "average", "last", "pnl", "closable", "pendingExit", "action"] as const;

export function PositionsPage({ onExit }: { readonly onExit: (key: string) => void }) {
  const { loaded, positions } = useStore(portfolioStore);
  const { state } = useConnection();
  if (!loaded) {
    return (
      <p className="empty" role="status">
        {strings.positions.loading}
      </p>
    );
  }

  const sorted = sortByLoss(positions.values());
  const open = sorted.filter((position) => position.quantity !== 0).length;
  return (
    <section aria-labelledby="positions-title">
      <div className="heading">
        <h1 id="positions-title">{strings.positions.title}</h1>
        <p className="hint">{open === 0 ? strings.positions.empty : strings.positions.count(open)}</p>
      </div>
      {sorted.length === 0 ? null : (
        <table className="list positions" role="table" data-testid="positions-table" data-fresh={isFresh(state)} aria-labelledby="positions-title">
          <thead role="rowgroup">
            <tr role="row">
              {columns.map((column) => (
                <th key={column} role="columnheader" scope="col" className={column}>
                  {strings.positions[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {sorted.map((position) => (
              <PositionRow key={position.key} position={position} canExit={state !== "offline"} onExit={onExit} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
