import { useState } from "react";
import { ExitOfMany } from "./exit-of-many";
import { summaryText } from "./summary-text";
import { TicketHead } from "./ticket-head";
import type { Exit } from "@/shared/api/exit-schemas";
import { isOf, summarise } from "@/shared/exits/exit-progress";
import { exitsStore, isAtWork } from "@/shared/exits/exits-link";
import { formatTime } from "@/shared/format";
import type { Portfolio } from "@/shared/portfolio/portfolio";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";
import { Dialog } from "@/shared/ui/dialog";

/** Exits of several positions that are at work, or ended with something left: a closed ticket is not a forgotten one. */
export function RunningExits() {
  const exits = useStore(exitsStore);
  const portfolio = useStore(portfolioStore);
  const [shown, setShown] = useState<string | null>(null);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const told = [...exits.values()].filter((exit) => exit.lines.length + exit.refused.length > 1 && !dismissed.has(exit.exit_id) && needsTelling(exit, exits, portfolio));
  return (
    <>
      {told.map((exit) => (
        <section key={exit.exit_id} className={isAtWork(exit) ? "note banner" : "problem banner"} aria-label={strings.plan.label} data-testid="running-exit">
          <p>
            <strong>{strings.plan.title(exit.lines.length + exit.refused.length, formatTime(exit.accepted_at))}</strong> {summaryText(exit, summarise(exit, portfolio.orders))}
          </p>
          <span className="buttons">
            <button
              type="button"
              onClick={() => {
                setShown(exit.exit_id);
              }}
            >
              {strings.plan.show}
            </button>
            {isAtWork(exit) ? null : (
              <button
                type="button"
                onClick={() => {
                  setDismissed((current) => new Set([...current, exit.exit_id]));
                }}
              >
                {strings.plan.dismiss}
              </button>
            )}
          </span>
        </section>
      ))}
      {shown === null ? null : (
        <Dialog
          titleId="exit-title"
          onClose={() => {
            setShown(null);
          }}
        >
          <TicketHead
            title={strings.plan.label}
            onClose={() => {
              setShown(null);
            }}
          />
          <ExitOfMany exitId={shown} />
        </Dialog>
      )}
    </>
  );
}

/** What ended with a rest matters as long as that is still held and no later exit has taken it up. */
function needsTelling(exit: Exit, exits: ReadonlyMap<string, Exit>, { positions }: Portfolio): boolean {
  if (isAtWork(exit)) {
    return true;
  }

  const later = [...exits.values()].filter((other) => (other.accepted_at ?? "") > (exit.accepted_at ?? "")).flatMap((other) => other.lines);
  const left = [...exit.lines.filter((line) => line.filled < line.quantity), ...exit.refused].filter(
    ({ position }) => !later.some((line) => isOf(line.position, position)),
  );
  return left.some(({ position }) => [...positions.values()].some((held) => held.quantity !== 0 && isOf(held, position)));
}
