import { GroupRow } from "./group-row";
import { PositionRow } from "./position-row";
import type { PositionsView, ViewRow } from "./positions-view";
import type { RowPlace } from "./row-place";
import type { ExitGroup } from "@/shared/api/requests";

export interface RowContext {
  readonly view: PositionsView;
  readonly canExit: boolean;
  readonly columns: number;
  readonly picked: ReadonlySet<string>;
  readonly onPick: (key: string, isPicked: boolean) => void;
  readonly onExit: (key: string) => void;
  readonly onExitGroup: (group: ExitGroup) => void;
}

interface Props {
  readonly row: ViewRow;
  readonly context: RowContext;
  readonly place?: RowPlace;
}

export const rowKey = (row: ViewRow): string => (row.kind === "group" ? `group ${row.group.id}` : row.position.key);

export function TableRow({ row, context, place }: Props) {
  const at = place === undefined ? {} : { index: place.index, measure: place.measure };
  return row.kind === "group" ? (
    <GroupRow group={row.group} view={context.view} canExit={context.canExit} columns={context.columns} onExit={context.onExitGroup} {...at} />
  ) : (
    <PositionRow
      position={row.position}
      canExit={context.canExit}
      isPicked={context.picked.has(row.position.key)}
      onPick={context.onPick}
      onExit={context.onExit}
      {...at}
    />
  );
}
