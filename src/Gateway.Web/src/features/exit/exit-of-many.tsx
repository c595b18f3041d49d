import { useState } from "react";
import { ExitLineRow } from "./exit-line-row";
import { summaryText } from "./summary-text";
import { ApiError } from "@/shared/api/http";
import { releaseHedges, stopExit } from "@/shared/api/requests";
import type { Exit } from "@/shared/api/exit-schemas";
import { lineState, ordersOfLine, summarise } from "@/shared/exits/exit-progress";
import { exitsStore, isAtWork, noteExit } from "@/shared/exits/exits-link";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";
import { Problem } from "@/shared/ui/problem";
import { ServerText } from "@/shared/ui/server-text";

/** How far an exit of several positions is: in one sentence, then position by position. */
export function ExitOfMany({ exitId }: { readonly exitId: string }) {
  const exit = useStore(exitsStore).get(exitId);
  const { orders } = useStore(portfolioStore);
  if (exit === undefined) {
    return <p className="note">{strings.exit.accepted}</p>;
  }

  const summary = summarise(exit, orders);
  const step = isAtWork(exit) ? "working" : summary.failed === 0 ? "done" : "partly";
  return (
    <div className="stack" data-testid="many-progress" data-step={step}>
      <p className={step === "done" ? "note good" : step === "partly" ? "problem" : "note"} role="status">
        {summaryText(exit, summary)} {step === "partly" ? strings.plan.tryAgain : ""}
      </p>
      <ul className="cards">
        {exit.lines.map((line) => {
          const own = ordersOfLine(exit, line, orders);
          return <ExitLineRow key={`${line.position.exchange}:${line.position.tradingsymbol}:${line.position.product}`} line={line} orders={own} state={lineState(line, own)} />;
        })}
        {exit.refused.map(({ position, reason, message }) => (
          <li key={`${position.exchange}:${position.tradingsymbol}:${position.product}`} className="order compact" data-state="refused">
            <span className="symbol">{position.tradingsymbol}</span>
            <span className="state" data-status="REJECTED">
              {strings.plan.notTaken}
            </span>
            <span className="order-message">
              <ServerText of="refusals" name={reason} message={message} />
            </span>
          </li>
        ))}
      </ul>
      {isAtWork(exit) ? <Controls exit={exit} waitsForShorts={exit.lines.some((line) => line.is_hedge && line.held > 0)} /> : null}
    </div>
  );
}

/** What a person may still do to an exit at work. */
function Controls({ exit, waitsForShorts }: { readonly exit: Exit; readonly waitsForShorts: boolean }) {
  const text = strings.plan;
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const act = (work: Promise<Exit>): void => {
    setProblem(null);
    work.then(noteExit, (error: unknown) => {
      setProblem(error instanceof ApiError ? error.message : strings.errors.network);
    });
  };

  return (
    <div className="stack">
      <Problem trouble={problem} />
      {exit.status === "stopping" ? null : (
        <div className="buttons">
          <button
            type="button"
            data-testid="exit-stop"
            onClick={() => {
              act(stopExit(exit.exit_id, true));
            }}
          >
            {text.stop}
          </button>
          {waitsForShorts && !asking ? (
            <button
              type="button"
              onClick={() => {
                setAsking(true);
              }}
            >
              {text.release}
            </button>
          ) : null}
        </div>
      )}
      {waitsForShorts && asking ? (
        <div className="note stack" role="alert">
          <p>{text.releaseWarning}</p>
          <button
            type="button"
            className="danger"
            data-testid="release-hedges"
            onClick={() => {
              setAsking(false);
              act(releaseHedges(exit.exit_id));
            }}
          >
            {text.releaseAnyway}
          </button>
        </div>
      ) : null}
    </div>
  );
}
