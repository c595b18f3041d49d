import { memo } from "react";
import { sideOf } from "./positions-view";
import { placed, type RowPlace } from "./row-place";
import { formatAge, formatPrice, formatQuantity, formatSignedMoney } from "@/shared/format";
import { useLanguage } from "@/shared/language";
import { useNow } from "@/shared/now";
import { staleAfterMs } from "@/shared/portfolio/connection-state";
import type { Position } from "@/shared/portfolio/portfolio";
import { strings } from "@/shared/strings";

interface Props {
  readonly position: Position;
  /** False while nothing that is sent can arrive. */
  readonly canExit: boolean;
  readonly isPicked: boolean;
  readonly onPick: (key: string, isPicked: boolean) => void;
  readonly onExit: (key: string) => void;
  /** Where it is one of many of which only some are in the document. */
  readonly index?: number;
  readonly measure?: RowPlace["measure"];
}

export const PositionRow = memo(function PositionRow({ position, canExit, isPicked, onPick, onExit, index, measure }: Props) {
  const { tradingsymbol, product, quantity } = position;
  const name = `${tradingsymbol}-${product}`;
  const side = sideOf(position);
  const label = strings.positions;
  useLanguage();
  return (
    <tr role="row" {...placed(index, measure)} data-testid={`position-row-${name}`} data-side={side}>
      <th role="rowheader" scope="row" className="contract">
        {quantity === 0 ? null : (
          <label className="pick">
            <input
              type="checkbox"
              data-testid={`pick-${name}`}
              aria-label={label.pick(tradingsymbol, product)}
              checked={isPicked}
              onChange={(event) => {
                onPick(position.key, event.target.checked);
              }}
            />
          </label>
        )}
        <span className="symbol">{tradingsymbol}</span>
        <Badges position={position} side={side} />
      </th>
      <td role="cell" className="quantity number" data-label={label.quantity} data-testid={`quantity-${name}`} data-quantity={quantity}>
        {formatQuantity(quantity)}
      </td>
      <td role="cell" className="average number" data-label={label.average}>
        {formatPrice(position.average_price)}
      </td>
      <td role="cell" className="last number" data-label={label.last}>
        <LastPrice position={position} />
      </td>
      <td role="cell" className="pnl number" data-label={label.pnl} data-sign={Math.sign(Number(position.pnl ?? 0))}>
        {formatSignedMoney(position.pnl)}
      </td>
      <td role="cell" className="closable number" data-label={label.closable}>
        {formatQuantity(position.closable_quantity)}
        <HeldBack position={position} />
      </td>
      <td role="cell" className="pendingExit number" data-label={label.pendingExit} data-some={position.pending_exit_quantity > 0}>
        {formatQuantity(position.pending_exit_quantity)}
      </td>
      <td role="cell" className="action">
        {quantity === 0 ? null : (
          <button
            type="button"
            className="exit"
            disabled={!canExit}
            data-testid={`exit-open-${name}`}
            aria-label={label.exitLabel(tradingsymbol, product)}
            title={position.closable_quantity === 0 ? label.allPending : undefined}
            onClick={() => {
              onExit(position.key);
            }}
          >
            {label.exit}
          </button>
        )}
      </td>
    </tr>
  );
});

function Badges({ position, side }: { readonly position: Position; readonly side: ReturnType<typeof sideOf> }) {
  const label = strings.positions;
  return (
    <span className="badges">
      <span className="badge">{position.product}</span>
      <span className="badge plain">{position.exchange}</span>
      <span className={`badge side-${side}`}>{label[side]}</span>
      {position.banned ? (
        <span className="badge warn" title={label.bannedHint}>
          {label.banned}
        </span>
      ) : null}
      {position.confidence && label.confidence[position.confidence] ? <span className="badge warn">{label.confidence[position.confidence]}</span> : null}
    </span>
  );
}

/** What a rule of delivery keeps from being exited, and which. */
function HeldBack({ position }: { readonly position: Position }) {
  const words = position.held_back_reason ? strings.positions.heldBack[position.held_back_reason] : undefined;
  return words === undefined || position.held_back_quantity === 0 ? null : <span className="age">{words(formatQuantity(position.held_back_quantity))}</span>;
}

/** The price with its own age: what it was when it came, plus the time it has been here. */
function LastPrice({ position }: { readonly position: Position }) {
  const now = useNow();
  if (position.last_price === null || position.last_price === undefined) {
    return <span className="old">{strings.positions.noPrice}</span>;
  }

  const ageMs = (position.age_ms ?? 0) + Math.max(0, now - position.priceReceivedAt);
  return (
    <>
      <span className={ageMs > staleAfterMs ? "old" : undefined}>{formatPrice(position.last_price)}</span>
      <span className="age" title={position.source ?? undefined}>
        {ageMs > staleAfterMs && position.source ? `${position.source}, ` : ""}
        {strings.positions.age(formatAge(ageMs))}
      </span>
    </>
  );
}
