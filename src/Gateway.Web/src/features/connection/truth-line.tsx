import type { SystemStatus } from "@/shared/api/schemas";
import { formatAge, formatMinute, formatTime } from "@/shared/format";
import { isUp } from "@/shared/notices/notices";
import { isFresh } from "@/shared/portfolio/connection-state";
import { portfolioStore } from "@/shared/portfolio/portfolio-link";
import { useConnection } from "@/shared/portfolio/use-connection";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";
import { english } from "@/shared/strings-en";

interface Props {
  readonly status: SystemStatus | null;
  readonly unreachable: boolean;
  readonly connected: boolean;
}

/** The one line of truth: what may be done here, how old the numbers are, and whether the exchange is there. */
export function TruthLine({ status, unreachable, connected }: Props) {
  const { state } = useConnection();
  // What the server said of the exchange is as old as everything else it said.
  const notKnown = unreachable || (connected && (state === "reconnecting" || state === "stale" || state === "offline"));
  return (
    <section className="truth" aria-label={strings.connection.label}>
      <p className="truth-mode">
        <ModeText message={status?.message ?? ""} />{" "}
        {status?.main_site_down_since ? strings.truth.mainDown(formatMinute(status.main_site_down_since)) : null}
      </p>
      {connected ? <DataAge /> : null}
      <ul className="links">
        {notKnown ? (
          <li className="link link-down">{connected ? strings.truth.statusUnknown : strings.errors.network}</li>
        ) : (
          (status?.exchange ?? []).map((link) => <ExchangeLink key={link.segment} {...link} />)
        )}
      </ul>
    </section>
  );
}

/** What the server says of its mode; the usual sentence is one that every language has. */
function ModeText({ message }: { readonly message: string }) {
  return message === "" || message === english.truth.backup ? <strong>{strings.truth.backup}</strong> : <strong lang="en">{message}</strong>;
}

function DataAge() {
  const { serverTime } = useStore(portfolioStore);
  const { state, ageMs } = useConnection();
  return (
    <p className="truth-age" data-fresh={isFresh(state)}>
      {ageMs === null ? strings.truth.noData : strings.truth.asOf(formatTime(serverTime), formatAge(ageMs))}
    </p>
  );
}

function ExchangeLink(link: SystemStatus["exchange"][number]) {
  const { segment, state, since, note } = link;
  const name = strings.truth.segment[segment] ?? segment;
  const up = isUp(link);
  return (
    <li className={up ? "link link-up" : "link link-down"} data-segment={segment} data-state={state} title={note ?? undefined}>
      {up ? strings.truth.linkUp(name) : strings.truth.linkDown(name, state.toLowerCase(), since ? strings.truth.since(formatMinute(since)) : "")}
    </li>
  );
}
