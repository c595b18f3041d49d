import type { SystemStatus } from "@/shared/api/schemas";
import { factsBetween, type OrderFact } from "@/shared/notices/order-facts";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { createStore } from "@/shared/store";

export type Notice = { readonly id: number; readonly at: string | null } & (
  | { readonly about: "order"; readonly fact: OrderFact }
  | { readonly about: "message"; readonly text: string }
  | { readonly about: "exchange"; readonly segment: string; readonly up: boolean }
);

export interface Notices {
  /** Newest first. */
  readonly items: readonly Notice[];
  readonly unread: number;
}

/** The facts of this login, in memory only. The orders themselves are the record; this is their news. */
export const noticesStore = createStore<Notices>({ items: [], unread: 0 });

/** The oldest go when there are more: what an account does in a day fits. */
export const noticesMax = 200;

type NewNotice = Notice extends infer T ? (T extends Notice ? Omit<T, "id"> : never) : never;

let nextId = 1;

function note(news: readonly NewNotice[]): void {
  if (news.length > 0) {
    noticesStore.update(({ items, unread }) => ({
      items: [...news.map((notice): Notice => ({ ...notice, id: nextId++ })).reverse(), ...items].slice(0, noticesMax),
      unread: Math.min(unread + news.length, noticesMax),
    }));
  }
}

export const markRead = (): void => {
  noticesStore.update((notices) => ({ ...notices, unread: 0 }));
};

/** Watches the orders while someone is logged in. What was there at the login is no news. */
export function startNotices(): () => void {
  let seen = portfolioStore.get();
  const forget = portfolioStore.subscribe(() => {
    const now = portfolioStore.get();
    if (seen.loaded && now.loaded && now.orders !== seen.orders) {
      note(
        factsBetween(seen.orders, now.orders).map((fact) => ({
          about: "order",
          fact,
          at: fact.order.exchange_update_timestamp ?? now.serverTime,
        })),
      );
    }

    seen = now;
  });
  return () => {
    forget();
    noticesStore.set({ items: [], unread: 0 });
  };
}

/** What the system says of itself, where it differs from what it said before. */
export function noteStatus(before: SystemStatus | null, now: SystemStatus): void {
  if (before === null) {
    return;
  }

  const at = now.server_time ?? null;
  const message = now.message ?? "";
  note([
    ...(message !== "" && message !== (before.message ?? "") ? [{ about: "message" as const, text: message, at }] : []),
    ...now.exchange.flatMap((link) => {
      const former = before.exchange.find((other) => other.segment === link.segment);
      return former === undefined || isUp(former) === isUp(link) ? [] : [{ about: "exchange" as const, segment: link.segment, up: isUp(link), at }];
    }),
  ]);
}

export const isUp = (link: SystemStatus["exchange"][number]): boolean => link.trading ?? link.state === "Trading";
