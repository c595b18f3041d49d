import type { LinkFacts } from "@/shared/portfolio/connection-state";
import { emptyPortfolio, type Portfolio } from "@/shared/portfolio/portfolio";
import { createStore } from "@/shared/store";

/** The account that is open, as its link last told it. */
export const portfolioStore = createStore<Portfolio>(emptyPortfolio);

export const pollEveryMs = 3000;

export interface Link extends Omit<LinkFacts, "everHeard" | "silentMs"> {
  readonly notice: string | null;
  /** How often the page polls while the hub is away. */
  readonly pollEveryMs: number;
}

export const noLink: Link = { hub: "down", lastPoll: null, notice: null, pollEveryMs };
export const linkStore = createStore<Link>(noLink);
