import type { Exit, ExitLine } from "@/shared/api/exit-schemas";
import type { Order } from "@/shared/api/schemas";
import { lineState, ordersOfLine } from "@/shared/exits/exit-progress";
import { isAtWork } from "@/shared/exits/exits-link";
import type { Portfolio } from "@/shared/portfolio/portfolio";

/** The part of an exit that rests at the exchange while the market is elsewhere. */
export interface Residual {
  readonly exit: Exit;
  readonly line: ExitLine;
  /** What rests, by its orders. */
  readonly resting: readonly Order[];
}

/** A marketable order trades or rests at once; what is younger than this is still on its way. */
const restsAfterMs = 3000;

export function residualsOf(exits: Iterable<Exit>, { orders, serverTime }: Portfolio): Residual[] {
  return [...exits]
    .filter((exit) => isAtWork(exit) && isOlder(exit.accepted_at, serverTime))
    .flatMap((exit) =>
      exit.lines.map((line) => {
        const own = ordersOfLine(exit, line, orders);
        return { exit, line, state: lineState(line, own), resting: own.filter((order) => order.status === "OPEN") };
      }),
    )
    .filter(({ state, resting }) => state === "working" && resting.length > 0);
}

/** Those of them that the offered price brings nearer to the market. */
export const toReprice = ({ line, resting }: Pick<Residual, "line" | "resting">): Order[] => {
  const { reprice } = line;
  return reprice === null || reprice === undefined
    ? []
    : resting.filter((order) => (line.side === "SELL" ? Number(order.price) > Number(reprice.price) : Number(order.price) < Number(reprice.price)));
};

const isOlder = (since: string | null | undefined, now: string | null): boolean =>
  typeof since === "string" && now !== null && Date.parse(now) - Date.parse(since) >= restsAfterMs;
