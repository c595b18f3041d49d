import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection, type ISubscription } from "@microsoft/signalr";
import { ApiError } from "@/shared/api/http";
import { fetchOrders, fetchPositions } from "@/shared/api/requests";
import { streamItemSchema, type PositionMessage } from "@/shared/api/schemas";
import { endSession, endsSession, reasonOf, sessionStore } from "@/shared/api/session";
import { applyItem, emptyPortfolio, fromLists } from "@/shared/portfolio/portfolio";
import { linkStore, noLink, pollEveryMs, portfolioStore } from "@/shared/portfolio/portfolio-store";
import { strings } from "@/shared/strings";

/** Where an answer takes long, more questions would only make it longer; but what is older than staleAfterMs is not of now. */
const pollEveryMsMax = 8000;

const startTimeoutMs = 6000;
const retryDelaysMs = [0, 300, 1000, 2000, 4000, 5000];
/** Spread over all browsers, so that a server that comes back does not meet everyone at one instant. */
const spreadMs = 250;
/** A hub that says nothing for this long, heartbeats included, is taken for dead and connected anew. */
const deadAfterMs = 20_000;

/**
 * Keeps the portfolio store up to date while an account is open: the hub first, polling while it cannot connect. The hub is the client's own, so the
 * broker's people only poll.
 */
export function startPortfolioLink(onlyPolling: boolean): () => void {
  const stopped = new AbortController();
  if (onlyPolling) {
    linkStore.set({ ...noLink, hub: "none" });
    startPolling(stopped.signal);
  } else {
    void run(stopped.signal);
  }

  return () => {
    stopped.abort();
    portfolioStore.set(emptyPortfolio);
    linkStore.set(noLink);
  };
}

async function run(stopped: AbortSignal): Promise<void> {
  let failures = 0;
  const polling: { stop: (() => void) | null } = { stop: null };
  while (!stopped.aborted) {
    linkStore.update((link) => ({ ...link, hub: "starting" }));
    const connected = await holdHub(stopped, transports[failures % transports.length] ?? null, () => {
      failures = 0;
      polling.stop?.();
      polling.stop = null;
    });
    if (isOver(stopped)) {
      break;
    }

    failures = connected ? 0 : failures + 1;
    linkStore.update((link) => ({ ...link, hub: "down" }));
    polling.stop ??= failures > 0 ? startPolling(stopped) : null;
    await delay((retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)] ?? pollEveryMs) + Math.random() * spreadMs, stopped);
  }

  polling.stop?.();
}

/** A signal's state changes while we wait; asking through a function keeps the compiler from remembering the old answer. */
const isOver = (stopped: AbortSignal): boolean => stopped.aborted;

/** One after the other, each for one attempt: something between here and the server may swallow WebSockets, or streams, without a word. */
const transports = [null, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling] as const;

/** Connects and reads until the connection is over. Says whether it ever was open. */
async function holdHub(stopped: AbortSignal, transport: HttpTransportType | null, opened: () => void): Promise<boolean> {
  const hub = new HubConnectionBuilder()
    .withUrl("/hub/portfolio", {
      accessTokenFactory: () => sessionStore.get().session?.token ?? "",
      ...(transport === null ? {} : { transport }),
    })
    .configureLogging(LogLevel.None)
    .build();
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
    hub.onclose(end);
    stopped.addEventListener("abort", end);
  });

  try {
    await Promise.race([hub.start(), rejectAfter(startTimeoutMs), over]);
    if (isOver(stopped)) {
      return true;
    }

    opened();
    linkStore.set({ ...noLink, hub: "open" });
    const stopReading = readStream(hub);
    const stopWatching = watchSilence(hub);
    await over;
    stopReading();
    stopWatching();
    return true;
  } catch (error) {
    if (statusOf(error) === 401 || statusOf(error) === 403) {
      endSession(strings.errors.sessionOver);
    }

    return false;
  } finally {
    stopped.removeEventListener("abort", end);
    void hub.stop();
  }
}

/** Reads from where we are; starts anew with a snapshot after a gap. */
function readStream(hub: HubConnection): () => void {
  let reading: ISubscription<unknown> | null = null;
  const open = (afterSequence: number | null, streamId: string | null): void => {
    reading?.dispose();
    let mine = true;
    const fail = (): void => {
      if (mine) {
        void hub.stop();
      }
    };
    const subscription = hub.stream<unknown>("Portfolio", afterSequence, streamId).subscribe({
      next: (message) => {
        const item = streamItemSchema.safeParse(message);
        if (!item.success) {
          linkStore.update((link) => ({ ...link, notice: strings.connection.refusedMessage }));
          fail();
          return;
        }

        if (!mine) {
          return;
        }

        const { portfolio, gap } = applyItem(portfolioStore.get(), item.data, performance.now());
        portfolioStore.set(portfolio);
        if (gap) {
          mine = false;
          open(null, null);
        }
      },
      error: (error: unknown) => {
        if (mine && error instanceof Error && endsSession(error.message)) {
          endSession(reasonOf(error.message));
        }

        fail();
      },
      complete: fail,
    });
    reading = subscription;
  };

  const { sequence, streamId } = portfolioStore.get();
  open(sequence, streamId);
  return () => {
    reading?.dispose();
  };
}

function watchSilence(hub: HubConnection): () => void {
  const openedAt = performance.now();
  const timer = setInterval(() => {
    const heardAt = Math.max(portfolioStore.get().heardAt ?? 0, openedAt);
    if (performance.now() - heardAt > deadAfterMs) {
      void hub.stop();
    }
  }, 1000);
  return () => {
    clearInterval(timer);
  };
}

function startPolling(stopped: AbortSignal): () => void {
  const own = new AbortController();
  stopped.addEventListener("abort", () => { own.abort(); }, { signal: own.signal });
  const poll = async (): Promise<void> => {
    while (!own.signal.aborted) {
      const askedAt = performance.now();
      try {
        const [positions, orders] = await Promise.all([fetchPositions(), fetchOrders()]);
        if (!isOver(own.signal)) {
          // No stream is behind these numbers: the next one starts with a snapshot.
          portfolioStore.set(fromLists(positions, orders, latestAsOf(positions), performance.now()));
          const took = performance.now() - askedAt;
          linkStore.update((link) => ({ ...link, lastPoll: "ok", pollEveryMs: pollIntervalFor(took) }));
        }
      } catch (error) {
        if (!isOver(own.signal) && error instanceof ApiError) {
          linkStore.update((link) => ({ ...link, lastPoll: "failed" }));
        }
      }

      await delay(linkStore.get().pollEveryMs, own.signal);
    }
  };
  void poll();
  return () => {
    own.abort();
  };
}

/** Twice as long as the last answer took, in whole seconds: the page says it. */
export const pollIntervalFor = (tookMs: number): number => Math.min(Math.max(Math.ceil((2 * tookMs) / 1000) * 1000, pollEveryMs), pollEveryMsMax);

/** The newest moment that the server itself names: polling has no clock of the server's beside it. */
const latestAsOf = (positions: readonly PositionMessage[]): string | null =>
  positions
    .map(({ as_of }) => as_of ?? null)
    .filter((asOf) => asOf !== null)
    .reduce<string | null>((latest, asOf) => (latest === null || Date.parse(asOf) > Date.parse(latest) ? asOf : latest), null);

const delay = (ms: number, stopped: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopped.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stopped.addEventListener("abort", end);
  });

const rejectAfter = (ms: number): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error("The hub did not answer in time."));
    }, ms);
  });

const statusOf = (error: unknown): number | null =>
  typeof error === "object" && error !== null && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : null;
