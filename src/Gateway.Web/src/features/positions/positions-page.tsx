import { useCallback, useState } from "react";
import { ExitBar } from "./exit-bar";
import { PositionTable } from "./position-table";
import { rowsOf, wholeView } from "./positions-view";
import { ViewControls } from "./view-controls";
import type { ExitScope } from "@/shared/exits/exit-scope";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useConnection } from "@/shared/portfolio/use-connection";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";

interface Props {
  readonly onExit: (key: string) => void;
  readonly onExitMany: (scope: ExitScope) => void;
}

export function PositionsPage({ onExit, onExitMany }: Props) {
  const { loaded, positions } = useStore(portfolioStore);
  const { state } = useConnection();
  const [view, setView] = useState(wholeView);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const pick = useCallback((key: string, isPicked: boolean) => {
    setPicked((current) => new Set(isPicked ? [...current, key] : [...current].filter((other) => other !== key)));
  }, []);
  if (!loaded) {
    return (
      <p className="empty" role="status">
        {strings.positions.loading}
      </p>
    );
  }

  const rows = rowsOf(positions.values(), view);
  const open = rows.flatMap((row) => (row.kind === "position" && row.position.quantity !== 0 ? [row.position.key] : []));
  const canExit = state !== "offline";
  return (
    <section aria-labelledby="positions-title">
      <div className="heading">
        <h1 id="positions-title">{strings.positions.title}</h1>
        <p className="hint">{open.length === 0 ? strings.positions.empty : strings.positions.open(open.length)}</p>
      </div>
      {positions.size === 0 ? null : <ViewControls view={view} positions={positions} onView={setView} />}
      {positions.size > 0 && rows.length === 0 ? <p className="empty">{strings.view.noneShown}</p> : null}
      {rows.length === 0 ? null : (
        <PositionTable
          rows={rows}
          view={view}
          state={state}
          picked={picked}
          onPick={pick}
          onExit={onExit}
          onExitGroup={(group) => {
            onExitMany({ kind: "group", group });
          }}
        />
      )}
      {open.length === 0 ? null : (
        <ExitBar
          view={view}
          open={open}
          selected={open.filter((key) => picked.has(key))}
          canExit={canExit}
          onSelect={(keys) => {
            setPicked(new Set(keys));
          }}
          onExit={onExitMany}
        />
      )}
    </section>
  );
}
