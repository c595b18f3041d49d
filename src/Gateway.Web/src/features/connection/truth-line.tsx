import type { SystemStatus } from "@/shared/api/schemas";
import { formatAge, formatDayOf, formatMinute, formatTime } from "@/shared/format";
import { isUp } from "@/shared/notices/notices";
import { isFresh } from "@/shared/portfolio/connection-state";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useConnection } from "@/shared/portfolio/use-connection";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";

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
        <strong>{strings.truth.backup}</strong> {status?.main_site_down_since ? strings.truth.mainDown(moment(status.main_site_down_since, status.server_time)) : null}
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

/** The time of day alone would be read as today's. */
function moment(since: string, now: string | null | undefined): string {
  const day = formatDayOf(since);
  return (now && formatDayOf(now) !== day ? `${day}, ` : "") + formatMinute(since);
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
