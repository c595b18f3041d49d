import { GroupRow } from "./group-row";
import { PositionRow } from "./position-row";
import type { PositionsView, ViewRow } from "./positions-view";
import type { ExitGroup } from "@/shared/api/requests";
import { isFresh, type ConnectionState } from "@/shared/portfolio/connection-state";
import { strings } from "@/shared/strings";

const columns = ["contract", "quantity", "average", "last", "pnl", "closable", "pendingExit", "action"] as const;

interface Props {
  readonly rows: readonly ViewRow[];
  readonly view: PositionsView;
  readonly state: ConnectionState;
  readonly picked: ReadonlySet<string>;
  readonly onPick: (key: string, isPicked: boolean) => void;
  readonly onExit: (key: string) => void;
  readonly onExitGroup: (group: ExitGroup) => void;
}

export function PositionTable({ rows, view, state, picked, onPick, onExit, onExitGroup }: Props) {
  const canExit = state !== "offline";
  return (
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
        {rows.map((row) =>
          row.kind === "group" ? (
            <GroupRow key={`group ${row.group.id}`} group={row.group} view={view} canExit={canExit} columns={columns.length} onExit={onExitGroup} />
          ) : (
            <PositionRow
              key={row.position.key}
              position={row.position}
              canExit={canExit}
              isPicked={picked.has(row.position.key)}
              onPick={onPick}
              onExit={onExit}
            />
          ),
        )}
      </tbody>
    </table>
  );
}
