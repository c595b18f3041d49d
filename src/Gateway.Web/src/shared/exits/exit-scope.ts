import type { ExitGroup, ManyExitRequest } from "@/shared/api/requests";
import type { Position } from "@/shared/portfolio/portfolio";

/** Which positions an exit of several means. A group and all are the server's to resolve, so that nothing which came meanwhile is left. */
export type ExitScope =
  | { readonly kind: "selected"; readonly keys: readonly string[] }
  | { readonly kind: "group"; readonly group: ExitGroup }
  | { readonly kind: "all" };

export function requestOf(scope: ExitScope, positions: ReadonlyMap<string, Position>): ManyExitRequest {
  switch (scope.kind) {
    case "all":
      return { mode: "full", all: true };
    case "group":
      return { mode: "full", group: scope.group };
    case "selected":
      return {
        mode: "full",
        positions: scope.keys
          .map((key) => positions.get(key))
          .filter((position) => position !== undefined)
          .map(({ exchange, tradingsymbol, product }) => ({ exchange, tradingsymbol, product })),
      };
  }
}

/** The same choice by what this page knows: to count, and to ask anew when one of them changes. */
export function positionsOf(scope: ExitScope, positions: ReadonlyMap<string, Position>): Position[] {
  const held = [...positions.values()].filter((position) => position.quantity !== 0);
  switch (scope.kind) {
    case "all":
      return held;
    case "group":
      return held.filter((position) => isIn(position, scope.group));
    case "selected":
      return scope.keys.map((key) => positions.get(key)).filter((position) => position !== undefined);
  }
}

const isIn = (position: Position, group: ExitGroup): boolean =>
  (group.underlying === undefined || position.underlying === group.underlying) &&
  (group.expiry === undefined || position.expiry === group.expiry) &&
  (group.segment === undefined || position.exchange === group.segment) &&
  (group.product === undefined || position.product === group.product) &&
  (group.side === undefined || (group.side === "long") === position.quantity > 0);
