import { sortByLoss } from "./position-order";
import type { Position } from "@/shared/portfolio/portfolio";

export type Side = "long" | "short";
export type Grouping = "none" | "underlying" | "expiry";
export type Sorting = "loss" | "contract";

/** What of the positions is shown and how. An empty choice lets everything through. */
export interface PositionsView {
  readonly segment: string;
  readonly product: string;
  readonly side: "" | Side;
  readonly grouping: Grouping;
  readonly sorting: Sorting;
}

export const wholeView: PositionsView = { segment: "", product: "", side: "", grouping: "none", sorting: "loss" };

export const isFiltered = (view: PositionsView): boolean => view.segment !== "" || view.product !== "" || view.side !== "";

/** Positions that belong together: one underlying, or one underlying and one last day. */
export interface PositionGroup {
  readonly id: string;
  readonly underlying: string;
  /** yyyy-mm-dd; null where the last day does not part the groups, and for shares. */
  readonly expiry: string | null;
  /** Shares only, where the last day parts the groups: they have none. */
  readonly segment: string | null;
  readonly positions: readonly Position[];
}

export type ViewRow = { readonly kind: "group"; readonly group: PositionGroup } | { readonly kind: "position"; readonly position: Position };

export const sideOf = (position: Position): Side | "flat" => (position.quantity > 0 ? "long" : position.quantity < 0 ? "short" : "flat");

export function filterPositions(positions: Iterable<Position>, view: PositionsView): Position[] {
  return [...positions].filter(
    (position) =>
      (view.segment === "" || position.exchange === view.segment) &&
      (view.product === "" || position.product === view.product) &&
      (view.side === "" || sideOf(position) === view.side),
  );
}

/** The rows from top to bottom. A group stands where its first row would: with the biggest loss first, that of its worst one. */
export function rowsOf(positions: Iterable<Position>, view: PositionsView): ViewRow[] {
  const shown = filterPositions(positions, view);
  const sorted = view.sorting === "loss" ? sortByLoss(shown) : sortByContract(shown);
  if (view.grouping === "none") {
    return sorted.map((position) => ({ kind: "position", position }));
  }

  const groups = new Map<string, Position[]>();
  for (const position of sorted) {
    const id = groupId(position, view.grouping);
    const members = groups.get(id);
    if (members === undefined) {
      groups.set(id, [position]);
    } else {
      members.push(position);
    }
  }

  return [...groups].flatMap(([id, members]): ViewRow[] => [
    { kind: "group", group: groupOf(id, members, view.grouping) },
    ...members.map((position): ViewRow => ({ kind: "position", position })),
  ]);
}

/** What a person can choose between, from what he holds. */
export const choicesOf = (positions: Iterable<Position>, name: "exchange" | "product"): string[] =>
  [...new Set([...positions].map((position) => position[name]))].sort((a, b) => a.localeCompare(b, "en"));

const underlyingOf = (position: Position): string => position.underlying ?? position.tradingsymbol;

const groupId = (position: Position, grouping: Grouping): string =>
  grouping === "underlying" ? underlyingOf(position) : `${underlyingOf(position)} ${position.expiry ?? position.exchange}`;

function groupOf(id: string, members: readonly Position[], grouping: Grouping): PositionGroup {
  const [first] = members;
  const byExpiry = grouping === "expiry";
  return {
    id,
    underlying: first === undefined ? "" : underlyingOf(first),
    expiry: byExpiry ? (first?.expiry ?? null) : null,
    segment: byExpiry && !first?.expiry ? (first?.exchange ?? null) : null,
    positions: members,
  };
}

const sortByContract = (positions: readonly Position[]): Position[] =>
  [...positions].sort(
    (a, b) => Number(a.quantity === 0) - Number(b.quantity === 0) || a.key.localeCompare(b.key, "en", { numeric: true }),
  );
