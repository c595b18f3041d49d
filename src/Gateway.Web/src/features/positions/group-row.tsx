import { isFiltered, type PositionGroup, type PositionsView } from "./positions-view";
import { placed, type RowPlace } from "./row-place";
import type { ExitGroup } from "@/shared/api/requests";
import { formatDay } from "@/shared/format";
import { strings } from "@/shared/strings";

interface Props {
  readonly group: PositionGroup;
  readonly view: PositionsView;
  readonly canExit: boolean;
  readonly columns: number;
  readonly onExit: (group: ExitGroup) => void;
  /** Where it is one of many of which only some are in the document. */
  readonly index?: number;
  readonly measure?: RowPlace["measure"];
}

/** The head of a group: what its positions have in common, and the exit of them all. */
export function GroupRow({ group, view, canExit, columns, onExit, index, measure }: Props) {
  const text = strings.view;
  const open = group.positions.filter((position) => position.quantity !== 0).length;
  const name = nameOf(group);
  const exit = isFiltered(view) ? text.exitShownOfGroup(open) : text.exitGroup(open);
  return (
    <tr role="row" {...placed(index, measure)} className="group" data-testid={`group-${group.id}`}>
      <th role="rowheader" scope="rowgroup" colSpan={columns} className="group-head">
        <span className="group-line">
          <span className="symbol">{name}</span>
          <span className="hint">{strings.positions.open(open)}</span>
          {open === 0 ? null : (
            <button
              type="button"
              className="exit-many"
              disabled={!canExit}
              data-testid={`exit-group-${group.id}`}
              aria-label={`${exit}: ${name}`}
              onClick={() => {
                onExit(requestOf(group, view));
              }}
            >
              {exit}
            </button>
          )}
        </span>
      </th>
    </tr>
  );
}

export const nameOf = (group: Pick<PositionGroup, "underlying" | "expiry" | "segment">): string =>
  [group.underlying, group.expiry === null ? null : formatDay(group.expiry), group.segment].filter((part) => part !== null).join(" · ");

/** The group as the server resolves it, narrowed by what the page filters. */
export const requestOf = (group: PositionGroup, view: PositionsView): ExitGroup => ({
  underlying: group.underlying,
  ...(group.expiry === null ? {} : { expiry: group.expiry }),
  ...filtersOf({ ...view, segment: group.segment ?? view.segment }),
});

export const filtersOf = (view: PositionsView): ExitGroup => ({
  ...(view.segment === "" ? {} : { segment: view.segment }),
  ...(view.product === "" ? {} : { product: view.product }),
  ...(view.side === "" ? {} : { side: view.side }),
});
