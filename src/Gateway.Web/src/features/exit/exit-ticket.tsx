import { useState } from "react";
import { ExitAnswer } from "./exit-answer";
import { toRequest, type ExitChoice } from "./exit-choice";
import { ExitForm } from "./exit-form";
import { useExit, type ExitProgress } from "./use-exit";
import { usePreview } from "./use-preview";
import { Fact, TicketHead } from "./ticket-head";
import { useWarnings } from "./use-warnings";
import { previewExit, type ExitRequest } from "@/shared/api/requests";
import { formatQuantity } from "@/shared/format";
import type { Position } from "@/shared/portfolio/portfolio";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
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
  const { progress, place } = useExit();
  // Kept over a refusal, after which the person chooses on from where he was.
  const [wish, setWish] = useState<Wish>({ choice: { kind: "percent", percent: 100 }, cancelFirst: false });
  // The request that was sent is the one to ask again for, whatever the position has become since.
  const [sent, setSent] = useState<ExitRequest | null>(null);
  return (
    <Dialog titleId="exit-title" onClose={onClose}>
      <TicketHead title={strings.exit.title(position?.tradingsymbol ?? "")} onClose={onClose} />
      {position === undefined ? (
        <p className="problem">{strings.exit.gone}</p>
      ) : (
        <>
          <PositionFacts position={position} account={account} />
          {progress.step === "choosing" ? (
            <Choosing
              position={position}
              account={account}
              wish={wish}
              refused={progress}
              onWish={setWish}
              onSend={(request) => {
                setSent(request);
                place(request);
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

interface Wish {
  readonly choice: ExitChoice;
  readonly cancelFirst: boolean;
}

interface ChoosingProps {
  readonly wish: Wish;
  readonly onWish: (wish: Wish) => void;
  readonly position: Position;
  readonly account: string;
  readonly refused: Pick<Extract<ExitProgress, { step: "choosing" }>, "problem" | "blocked">;
  readonly onSend: (request: ExitRequest) => void;
}

function Choosing({ position, account, wish, refused, onWish, onSend }: ChoosingProps) {
  const closable = position.closable_quantity;
  const asked: ExitRequest = { ...toRequest(position, wish.choice), ...(wish.cancelFirst ? { cancel_blocking: true } : {}) };
  const { preview, problem } = usePreview(previewExit, closable > 0 ? asked : null, String(closable));
  const warnings = useWarnings(preview);
  return (
    <ExitForm
      position={position}
      account={account}
      choice={wish.choice}
      preview={preview}
      problem={refused.problem ?? problem}
      blocked={refused.blocked}
      understood={warnings.understood}
      cancelFirst={wish.cancelFirst}
      onCancelFirst={(first) => {
        onWish({ ...wish, cancelFirst: first });
        warnings.note(false);
      }}
      onChoose={(chosen) => {
        onWish({ ...wish, choice: chosen });
        warnings.note(false);
      }}
      onUnderstood={warnings.note}
      onConfirm={() => {
        onSend({ ...asked, ...(warnings.names.length === 0 ? {} : { confirm: warnings.names }) });
      }}
      onCancelAndExit={() => {
        onSend({ ...toRequest(position, wish.choice), cancel_blocking: true });
      }}
    />
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
