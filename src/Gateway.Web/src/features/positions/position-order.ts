import type { Position } from "@/shared/portfolio/portfolio";

/** Biggest loss first; what has no price yet after what has one; flat positions at the end. Names settle what is equal. */
export function sortByLoss(positions: Iterable<Position>): Position[] {
  return [...positions].sort((a, b) => rank(a) - rank(b) || pnl(a) - pnl(b) || a.key.localeCompare(b.key, "en"));
}

const rank = (position: Position): number =>
  position.quantity === 0 ? 2 : position.pnl === null || position.pnl === undefined ? 1 : 0;

const pnl = (position: Position): number => (rank(position) === 0 ? Number(position.pnl) : 0);
