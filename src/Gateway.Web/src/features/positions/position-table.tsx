import { rowKey, TableRow, type RowContext } from "./table-row";
import type { ViewRow } from "./positions-view";
import { isFresh, type ConnectionState } from "@/shared/portfolio/connection-state";
import { strings } from "@/shared/strings";
import { part, useLater } from "@/shared/ui/use-later";

const columns = ["contract", "quantity", "average", "last", "pnl", "closable", "pendingExit", "action"] as const;

/** Up to here every row is in the document; beyond, only those in sight. */
const wholeRowsMax = 80;

const virtualRows = part(() => import("./virtual-rows"));

interface Props extends Omit<RowContext, "canExit" | "columns"> {
  readonly rows: readonly ViewRow[];
  readonly state: ConnectionState;
}

export function PositionTable({ rows, state, ...rest }: Props) {
  const context: RowContext = { ...rest, canExit: state !== "offline", columns: columns.length };
  return (
    <table
      className="list positions"
      role="table"
      data-testid="positions-table"
      data-fresh={isFresh(state)}
      aria-labelledby="positions-title"
      aria-rowcount={rows.length + 1}
    >
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col" className={column}>
              {strings.positions[column]}
            </th>
          ))}
        </tr>
      </thead>
      {rows.length > wholeRowsMax ? <ManyRows rows={rows} context={context} /> : <Rows rows={rows} context={context} />}
    </table>
  );
}

interface RowsProps {
  readonly rows: readonly ViewRow[];
  readonly context: RowContext;
}

function Rows({ rows, context }: RowsProps) {
  return (
    <tbody role="rowgroup">
      {rows.map((row) => (
        <TableRow key={rowKey(row)} row={row} context={context} />
      ))}
    </tbody>
  );
}

/** Until what shows only the rows in sight has come, the first of them; if it does not come, all: slow is better than hidden. */
function ManyRows({ rows, context }: RowsProps) {
  const { loaded, failed } = useLater(virtualRows);
  return loaded === null ? <Rows rows={failed ? rows : rows.slice(0, wholeRowsMax)} context={context} /> : <loaded.VirtualRows rows={rows} context={context} />;
}
