import type { ManyPreview, PreviewLine } from "@/shared/api/exit-schemas";
import { formatPrice, formatQuantity } from "@/shared/format";
import { strings } from "@/shared/strings";
import { ServerText } from "@/shared/ui/server-text";

/** What will be sent, first to last: shorts, then what covers them, which follows their fills; then what will not go, and why. */
export function ManyPreviewList({ preview }: { readonly preview: ManyPreview }) {
  const text = strings.many;
  const going = preview.lines.filter((line) => !line.refused);
  const first = going.filter((line) => !line.is_hedge);
  const hedges = going.filter((line) => line.is_hedge);
  const refused = preview.lines.filter((line) => line.refused);
  return (
    <>
      {first.length === 0 ? null : <Lines title={hedges.length === 0 ? text.sendOrder : text.sentFirst} lines={first} from={1} testId="lines-first" />}
      {hedges.length === 0 ? null : <Lines title={text.sentAfter} hint={text.hedgeHint} lines={hedges} from={first.length + 1} testId="lines-hedges" />}
      {refused.length === 0 ? null : (
        <section className="note stack" data-testid="lines-refused">
          <h3>{text.notIncluded(refused.length)}</h3>
          <ul className="lines">
            {refused.map((line) => (
              <li key={keyOf(line)}>
                <strong>{line.position.tradingsymbol}</strong> {line.position.product}: {line.refused ? <ServerText of="refusals" name={line.refused.reason} message={line.refused.message} /> : null}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface LinesProps {
  readonly title: string;
  readonly hint?: string;
  readonly lines: readonly PreviewLine[];
  readonly from: number;
  readonly testId: string;
}

function Lines({ title, hint, lines, from, testId }: LinesProps) {
  return (
    <section>
      <h3>{title}</h3>
      {hint === undefined ? null : <p className="hint">{hint}</p>}
      <ol className="lines numbered" start={from} data-testid={testId}>
        {lines.map((line) => (
          <li key={keyOf(line)} data-symbol={line.position.tradingsymbol}>
            <span className={`badge side-${line.side === "BUY" ? "long" : "short"}`}>{line.side ? strings.exit.side[line.side] : ""}</span>{" "}
            <strong>{formatQuantity(line.quantity)}</strong> <span className="symbol">{line.position.tradingsymbol}</span>{" "}
            <span className="hint">
              {line.position.product} · {strings.many.limit(formatPrice(line.price))}
              {line.slices.length > 1 ? ` · ${strings.exit.slicesText(line.slices.map(formatQuantity))}` : ""}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const keyOf = ({ position }: PreviewLine): string => `${position.exchange}:${position.tradingsymbol}:${position.product}`;
