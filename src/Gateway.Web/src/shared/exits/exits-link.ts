import { fetchExits } from "@/shared/api/requests";
import type { Exit } from "@/shared/api/exit-schemas";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import type { Portfolio } from "@/shared/portfolio/portfolio";
import { createStore } from "@/shared/store";

/** The day's exits as the server last told them, by id. Their orders are fresher in the portfolio. */
export const exitsStore = createStore<ReadonlyMap<string, Exit>>(new Map());

/** How often an exit at work is asked about: its prices move without any event. */
const askEveryMs = 2500;
/** Events of its orders come in bursts; one question answers them together. */
const gatherMs = 300;

/** Keeps the exits up to date while someone is logged in: asked for at the start, whenever one of their orders changes, and steadily while one is at work. */
export function startExitsLink(): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let again = false;
  let seen = "";

  const askIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), ms);
  };

  const ask = async (): Promise<void> => {
    if (asking) {
      again = true;
      return;
    }

    asking = true;
    again = false;
    try {
      const exits = await fetchExits();
      if (!stopped) {
        exitsStore.set(new Map(exits.map((exit) => [exit.exit_id, exit])));
      }
    } catch {
      // The page says elsewhere that the server is away; what was known stays until it answers.
      again = true;
    } finally {
      asking = false;
    }

    if (stopped) {
      exitsStore.set(new Map());
    } else if (again || [...exitsStore.get().values()].some(isAtWork)) {
      askIn(askEveryMs);
    }
  };

  const forget = portfolioStore.subscribe(() => {
    const now = ordersOfExits(portfolioStore.get());
    if (now !== seen) {
      seen = now;
      askIn(gatherMs);
    }
  });
  void ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
    forget();
    exitsStore.set(new Map());
  };
}

/** Takes in what the server answered to a command, so that it is seen before the next question. */
export function noteExit(exit: Exit): void {
  exitsStore.update((exits) => new Map([...exits, [exit.exit_id, exit]]));
}

export const isAtWork = (exit: Exit): boolean => exit.status === "running" || exit.status === "stopping";

const ordersOfExits = ({ orders }: Portfolio): string =>
  [...orders.values()]
    .filter((order) => order.plan_id)
    .map((order) => `${order.order_id} ${order.status} ${order.filled_quantity}`)
    .join();
