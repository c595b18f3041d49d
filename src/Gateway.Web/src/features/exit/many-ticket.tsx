import { useState } from "react";
import { ExitOfMany } from "./exit-of-many";
import { ManyPreviewList } from "./many-preview-list";
import { NotAnswered } from "./not-answered";
import { Fact, TicketHead } from "./ticket-head";
import { useExit } from "./use-exit";
import { usePreview } from "./use-preview";
import { useWarnings } from "./use-warnings";
import { Warnings } from "./warnings";
import type { ManyPreview } from "@/shared/api/exit-schemas";
import { previewMany, type ManyExitRequest } from "@/shared/api/requests";
import { positionsOf, requestOf, type ExitScope } from "@/shared/exits/exit-scope";
import { formatDay, formatPrice } from "@/shared/format";
import type { Position } from "@/shared/portfolio/portfolio";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";
import { Check } from "@/shared/ui/check";
import { Dialog } from "@/shared/ui/dialog";
import { HoldButton } from "@/shared/ui/hold-button";
import { Problem } from "@/shared/ui/problem";

interface Props {
  readonly scope: ExitScope;
  readonly account: string;
  readonly onClose: () => void;
}

/** The exit of several positions, from the preview in send order to the end of each. */
export function ManyTicket({ scope, account, onClose }: Props) {
  const { positions } = useStore(portfolioStore);
  const { progress, place } = useExit();
  const [sent, setSent] = useState<ManyExitRequest | null>(null);
  const [cancelFirst, setCancelFirst] = useState(false);
  const meant = positionsOf(scope, positions);
  // As it was opened: what has gone meanwhile is part of this exit still.
  const [count] = useState(meant.length);
  return (
    <Dialog titleId="exit-title" onClose={onClose}>
      <TicketHead title={titleOf(scope, count)} onClose={onClose} />
      {progress.step === "choosing" ? (
        <Choosing
          meant={meant}
          request={requestOf(scope, positions)}
          account={account}
          refused={progress.problem}
          cancelFirst={cancelFirst}
          onCancelFirst={setCancelFirst}
          onConfirm={(request) => {
            setSent(request);
            place(request);
          }}
        />
      ) : progress.step === "accepted" ? (
        <ExitOfMany exitId={progress.exitId} />
      ) : (
        <NotAnswered
          progress={progress}
          onRetry={() => {
            if (sent !== null) {
              place(sent);
            }
          }}
        />
      )}
    </Dialog>
  );
}

function titleOf(scope: ExitScope, count: number): string {
  const text = strings.many;
  if (scope.kind !== "group") {
    return scope.kind === "all" ? text.titleAll(count) : text.titleSelected(count);
  }

  const { underlying, expiry, segment, product, side } = scope.group;
  const parts = [underlying, expiry === undefined ? undefined : formatDay(expiry), segment, product, side === undefined ? undefined : strings.positions[side]];
  return text.titleGroup(parts.filter((part) => part !== undefined).join(" · "), count);
}

interface ChoosingProps {
  readonly meant: readonly Position[];
  readonly request: ManyExitRequest;
  readonly account: string;
  readonly refused: string | null;
  readonly cancelFirst: boolean;
  readonly onCancelFirst: (cancelFirst: boolean) => void;
  readonly onConfirm: (request: ManyExitRequest) => void;
}

function Choosing({ meant, request, account, refused, cancelFirst, onCancelFirst, onConfirm }: ChoosingProps) {
  const text = strings.many;
  const blocking = new Set(meant.flatMap((position) => position.blocking_order_ids)).size;
  const asked: ManyExitRequest = cancelFirst ? { ...request, cancel_blocking: true } : request;
  const basis = meant.map((position) => `${position.key} ${position.closable_quantity} ${position.blocking_order_ids.length}`).join();
  const { preview, problem } = usePreview(previewMany, meant.length === 0 ? null : asked, basis);
  const warnings = useWarnings(preview);
  const going = preview?.lines.filter((line) => !line.refused).length ?? 0;
  return (
    <>
      <Facts preview={preview} account={account} />
      {blocking === 0 ? null : (
        <Check
          testId="cancel-blocking"
          checked={cancelFirst}
          isNote
          onChange={(chosen) => {
            onCancelFirst(chosen);
            warnings.note(false);
          }}
        >
          {text.cancelBlocking(blocking)}
        </Check>
      )}
      <Problem trouble={refused ?? problem} />
      {preview === null ? <p className="hint preview-wait">{meant.length === 0 ? strings.positions.empty : strings.exit.previewing}</p> : <ManyPreviewList preview={preview} />}
      {preview === null || preview.warnings.length === 0 ? null : (
        <Warnings warnings={preview.warnings} understood={warnings.understood} onUnderstood={warnings.note} />
      )}
      <div className="ticket-foot">
        <HoldButton
          testId="many-confirm"
          label={preview === null || going > 0 ? text.confirm(going) : strings.exit.nothing}
          detail={strings.exit.confirmFor(account)}
          word={text.word}
          disabled={going === 0 || (warnings.names.length > 0 && !warnings.understood)}
          onConfirm={() => {
            onConfirm({ ...asked, ...(warnings.names.length === 0 ? {} : { confirm: warnings.names }) });
          }}
        />
      </div>
    </>
  );
}

function Facts({ preview, account }: { readonly preview: ManyPreview | null; readonly account: string }) {
  return (
    <dl className="facts">
      <Fact name={strings.exit.account} value={account} />
      {preview === null || Number(preview.premium_needed) === 0 ? null : <Fact name={strings.exit.premium} value={formatPrice(preview.premium_needed)} />}
    </dl>
  );
}
