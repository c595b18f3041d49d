import { useState } from "react";
import { ExitAnswer } from "./exit-answer";
import { toRequest, type ExitChoice } from "./exit-choice";
import { ExitForm } from "./exit-form";
import { useExit } from "./use-exit";
import { usePreview } from "./use-preview";
import { useWarnings } from "./use-warnings";
import type { ExitRequest } from "@/shared/api/requests";
import { formatQuantity } from "@/shared/format";
import type { Position } from "@/shared/portfolio/portfolio";
import { portfolioStore } from "@/shared/portfolio/portfolio-link";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";
import { Dialog } from "@/shared/ui/dialog";

interface Props {
  readonly positionKey: string;
  readonly account: string;
  readonly onClose: () => void;
}

/** One exit from choice to proof. The position behind it stays live while it is open. */
export function ExitTicket({ positionKey, account, onClose }: Props) {
  const position = useStore(portfolioStore).positions.get(positionKey);
  const [choice, setChoice] = useState<ExitChoice>({ kind: "percent", percent: 100 });
  const { progress, place } = useExit();
  const choosing = progress.step === "choosing";
  const closable = position?.closable_quantity ?? 0;
  const { preview, problem } = usePreview(choosing && position !== undefined && closable > 0 ? toRequest(position, choice) : null, closable);
  // The request that was sent is the one to ask again for, whatever the position has become since.
  const [sent, setSent] = useState<ExitRequest | null>(null);
  const warnings = useWarnings(preview);
  const send = (request: ExitRequest): void => {
    setSent(request);
    place(request);
  };

  return (
    <Dialog titleId="exit-title" onClose={onClose}>
      <TicketHead symbol={position?.tradingsymbol ?? ""} onClose={onClose} />
      {position === undefined ? (
        <p className="problem">{strings.exit.gone}</p>
      ) : (
        <>
          <PositionFacts position={position} account={account} />
          {choosing ? (
            <ExitForm
              position={position}
              account={account}
              choice={choice}
              preview={preview}
              problem={progress.problem ?? problem}
              blocked={progress.blocked}
              understood={warnings.understood}
              onChoose={(chosen) => {
                setChoice(chosen);
                warnings.note(false);
              }}
              onUnderstood={warnings.note}
              onConfirm={() => {
                send({ ...toRequest(position, choice), ...(warnings.names.length === 0 ? {} : { confirm: warnings.names }) });
              }}
              onCancelAndExit={() => {
                send({ ...toRequest(position, choice), cancel_blocking: true });
              }}
            />
          ) : (
            <ExitAnswer
              progress={progress}
              onRetry={() => {
                if (sent !== null) {
                  place(sent);
                }
              }}
            />
          )}
        </>
      )}
    </Dialog>
  );
}

function TicketHead({ symbol, onClose }: { readonly symbol: string; readonly onClose: () => void }) {
  return (
    <header className="ticket-head">
      <h2 id="exit-title">{strings.exit.title(symbol)}</h2>
      <button type="button" className="quiet" data-testid="exit-close" onClick={onClose}>
        {strings.exit.close}
      </button>
    </header>
  );
}

function PositionFacts({ position, account }: { readonly position: Position; readonly account: string }) {
  return (
    <dl className="facts">
      <Fact name={strings.exit.account} value={account} />
      <Fact name={strings.exit.holding} value={`${formatQuantity(position.quantity)} ${position.product}`} />
      <Fact name={strings.exit.closable} value={formatQuantity(position.closable_quantity)} />
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
