import { RepriceButton } from "./reprice-button";
import { exitsStore } from "@/shared/exits/exits-link";
import { residualsOf, type Residual } from "@/shared/exits/residual";
import { formatPrice, formatQuantity } from "@/shared/format";
import { positionKey } from "@/shared/portfolio/portfolio";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";

/** What of the exits rests at the exchange: how much is out, where the rest stands and where the market is. */
export function ResidualCards() {
  const exits = useStore(exitsStore);
  const portfolio = useStore(portfolioStore);
  const residuals = residualsOf(exits.values(), portfolio);
  return residuals.length === 0 ? null : (
    <section className="stack residuals" aria-label={strings.residual.label}>
      {residuals.map((residual) => (
        <Card
          key={`${residual.exit.exit_id} ${positionKey(residual.line.position)}`}
          residual={residual}
          last={portfolio.positions.get(positionKey(residual.line.position))?.last_price ?? residual.line.reprice?.last_price}
        />
      ))}
    </section>
  );
}

function Card({ residual, last }: { readonly residual: Residual; readonly last: number | string | null | undefined }) {
  const text = strings.residual;
  const { line, resting } = residual;
  const prices = [...new Set(resting.map((order) => formatPrice(order.price)))];
  return (
    <article className="note residual" data-testid={`residual-${line.position.tradingsymbol}-${line.position.product}`}>
      <p>
        <span className={`badge side-${line.side === "BUY" ? "long" : "short"}`}>{strings.exit.side[line.side]}</span>{" "}
        <strong className="symbol">{line.position.tradingsymbol}</strong> {text.exited(formatQuantity(line.filled), formatQuantity(line.quantity))}{" "}
        {text.resting(prices)} {last === null || last === undefined ? "" : text.last(formatPrice(last))}
      </p>
      <RepriceButton line={line} resting={resting} />
    </article>
  );
}
