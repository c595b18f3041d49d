import { filtersOf } from "./group-row";
import { isFiltered, type PositionsView } from "./positions-view";
import type { ExitScope } from "@/shared/exits/exit-scope";
import { strings } from "@/shared/strings";

interface Props {
  readonly view: PositionsView;
  /** Open positions that are shown. */
  readonly open: readonly string[];
  /** Those of them that are selected. */
  readonly selected: readonly string[];
  readonly canExit: boolean;
  readonly onSelect: (keys: readonly string[]) => void;
  readonly onExit: (scope: ExitScope) => void;
}

/** Exits of more than one position. What a filter hides is never part of one. */
export function ExitBar({ view, open, selected, canExit, onSelect, onExit }: Props) {
  const text = strings.view;
  const all: ExitScope = isFiltered(view) ? { kind: "group", group: filtersOf(view) } : { kind: "all" };
  return (
    <div className="exit-bar" data-some={selected.length > 0}>
      <button
        type="button"
        className="quiet"
        data-testid="select-all"
        onClick={() => {
          onSelect(selected.length === open.length ? [] : open);
        }}
      >
        {selected.length === open.length ? text.selectNone : text.selectAll(open.length)}
      </button>
      {selected.length === 0 ? null : (
        <button
          type="button"
          className="exit-many"
          data-testid="exit-selected"
          disabled={!canExit}
          onClick={() => {
            onExit({ kind: "selected", keys: selected });
          }}
        >
          {text.exitSelected(selected.length)}
        </button>
      )}
      <button
        type="button"
        className="exit-many"
        data-testid="exit-all"
        disabled={!canExit}
        onClick={() => {
          onExit(all);
        }}
      >
        {isFiltered(view) ? text.exitShown(open.length) : text.exitAll(open.length)}
      </button>
    </div>
  );
}
