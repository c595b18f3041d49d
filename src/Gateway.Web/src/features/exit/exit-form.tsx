import { BlockedNotice } from "./blocked-notice";
import { stepQuantity, type ExitChoice } from "./exit-choice";
import { Warnings } from "./warnings";
import type { ExitPreview } from "@/shared/api/exit-schemas";
import type { Blocked } from "@/shared/api/schemas";
import { formatPrice, formatQuantity, formatTime } from "@/shared/format";
import type { Position } from "@/shared/portfolio/portfolio";
import { strings } from "@/shared/strings";
import { Check } from "@/shared/ui/check";
import { Problem } from "@/shared/ui/problem";

interface Props {
  readonly position: Position;
  readonly account: string;
  readonly choice: ExitChoice;
  readonly preview: ExitPreview | null;
  readonly problem: string | null;
  readonly blocked: Blocked | null;
  readonly onChoose: (choice: ExitChoice) => void;
  readonly understood: boolean;
  readonly onUnderstood: (understood: boolean) => void;
  /** Whether orders that hold a part of the position are cancelled before the exit. */
  readonly cancelFirst: boolean;
  readonly onCancelFirst: (cancelFirst: boolean) => void;
  readonly onConfirm: () => void;
  readonly onCancelAndExit: () => void;
}

const presets = [100, 50, 25] as const;

export function ExitForm({ position, account, choice, preview, problem, blocked, understood, cancelFirst, onChoose, onUnderstood, onCancelFirst, onConfirm, onCancelAndExit }: Props) {
  const text = strings.exit;
  return (
    <>
      <fieldset className="presets">
        <legend>{text.howMuch}</legend>
        {presets.map((percent) => (
          <button
            key={percent}
            type="button"
            data-testid={`exit-percent-${percent}`}
            aria-pressed={choice.kind === "percent" && choice.percent === percent}
            onClick={() => {
              onChoose({ kind: "percent", percent });
            }}
          >
            {text.percent(percent)}
          </button>
        ))}
        <Stepper
          lot={position.lot_size}
          most={cancelFirst ? Math.abs(position.quantity) - position.held_back_quantity : position.closable_quantity}
          shown={choice.kind === "quantity" ? choice.quantity : (preview?.quantity ?? null)}
          onChoose={onChoose}
        />
      </fieldset>
      {position.blocking_order_ids.length === 0 || position.closable_quantity === 0 ? null : (
        <Check testId="cancel-first" checked={cancelFirst} isNote onChange={onCancelFirst}>
          {strings.exit.cancelFirst(position.blocking_order_ids.length)}
        </Check>
      )}
      {blocked === null ? null : <BlockedNotice blocked={blocked} closable={position.closable_quantity} onCancelAndExit={onCancelAndExit} />}
      <Problem trouble={blocked === null ? problem : null} />
      <Preview preview={preview} waiting={position.closable_quantity > 0} />
      {position.closable_quantity === 0 && blocked === null ? (
        <BlockedNotice
          closable={0}
          onCancelAndExit={onCancelAndExit}
          blocked={{
            net: position.quantity,
            pending_exit: position.pending_exit_quantity,
            closable: 0,
            blocking_orders: position.blocking_order_ids,
          }}
        />
      ) : null}
      {preview === null || preview.warnings.length === 0 ? null : <Warnings warnings={preview.warnings} understood={understood} onUnderstood={onUnderstood} />}
      <Confirm position={position} account={account} preview={preview} isReady={preview !== null && (preview.warnings.length === 0 || understood)} onConfirm={onConfirm} />
    </>
  );
}

interface ConfirmProps extends Pick<Props, "position" | "account" | "preview" | "onConfirm"> {
  readonly isReady: boolean;
}

function Confirm({ position, account, preview, isReady, onConfirm }: ConfirmProps) {
  const text = strings.exit;
  const label =
    preview === null
      ? position.closable_quantity === 0
        ? text.nothing
        : text.previewing
      : text.confirm(text.side[preview.side], formatQuantity(preview.quantity), position.tradingsymbol);
  return (
    <button type="button" className="danger wide" data-testid="exit-confirm" disabled={!isReady} onClick={onConfirm}>
      {label}
      <span className="for">{text.confirmFor(account)}</span>
    </button>
  );
}

interface StepperProps {
  readonly lot: number;
  /** What can be exited at most. */
  readonly most: number;
  readonly shown: number | null;
  readonly onChoose: (choice: ExitChoice) => void;
}

function Stepper({ lot, most, shown, onChoose }: StepperProps) {
  const text = strings.exit;
  const step = (by: 1 | -1): void => {
    onChoose({ kind: "quantity", quantity: stepQuantity(shown ?? most, by, lot, most) });
  };
  return (
    <div className="stepper" role="group" aria-label={text.quantity}>
      <button
        type="button"
        aria-label={text.fewer}
        disabled={shown === null || shown <= lot}
        onClick={() => {
          step(-1);
        }}
      >
        −
      </button>
      <output aria-live="polite">
        <span>{shown === null ? "…" : formatQuantity(shown)}</span>
        {lot > 1 && shown !== null ? <small>{text.lots(Math.floor(shown / lot), lot)}</small> : null}
      </output>
      <button
        type="button"
        aria-label={text.more}
        disabled={shown === null || shown >= most}
        onClick={() => {
          step(1);
        }}
      >
        +
      </button>
    </div>
  );
}

function Preview({ preview, waiting }: { readonly preview: ExitPreview | null; readonly waiting: boolean }) {
  const text = strings.exit;
  if (preview === null) {
    return waiting ? <p className="hint preview-wait">{text.previewing}</p> : null;
  }

  const sizes = preview.slices.map(formatQuantity);
  return (
    <dl className="facts preview" aria-label={text.preview}>
      <div>
        <dt>{text.lastPrice}</dt>
        <dd>{formatPrice(preview.last_price)}</dd>
      </div>
      <div>
        <dt>{text.limit[preview.side]}</dt>
        <dd>{formatPrice(preview.price)}</dd>
      </div>
      {preview.protection_percent === null || preview.protection_percent === undefined ? null : (
        <div>
          <dt>{text.protection}</dt>
          <dd>{text.percent(Number(preview.protection_percent))}</dd>
        </div>
      )}
      {Number(preview.premium_needed) === 0 ? null : (
        <div>
          <dt>{text.premium}</dt>
          <dd>{formatPrice(preview.premium_needed)}</dd>
        </div>
      )}
      <div>
        <dt>{text.slices}</dt>
        <dd>{sizes.length === 1 ? text.oneOrder : text.slicesText(sizes)}</dd>
      </div>
      <div>
        <dt>{text.asOf}</dt>
        <dd>{formatTime(preview.as_of)}</dd>
      </div>
    </dl>
  );
}
