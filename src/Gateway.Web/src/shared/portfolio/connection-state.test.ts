import { expect, it } from "vitest";
import { connectionState, type LinkFacts } from "@/shared/portfolio/connection-state";

const facts = (more: Partial<LinkFacts>): LinkFacts => ({ hub: "open", everHeard: true, lastPoll: null, silentMs: 500, ...more });

it.each<[string, LinkFacts, string]>([
  ["an open hub with news is live", facts({}), "live"],
  ["an open hub that is silent is stale, whatever it thinks of itself", facts({ silentMs: 10_001 }), "stale"],
  ["an open hub before its first message is still connecting", facts({ everHeard: false, silentMs: null }), "connecting"],
  ["the first attempt is connecting", facts({ hub: "starting", everHeard: false, silentMs: null }), "connecting"],
  ["a lost hub is reconnecting at once", facts({ hub: "down" }), "reconnecting"],
  ["a lost hub with polls that come is polling", facts({ hub: "starting", lastPoll: "ok", silentMs: 2900 }), "polling"],
  ["a lost hub with polls that stopped coming is stale", facts({ hub: "down", lastPoll: "ok", silentMs: 12_000 }), "stale"],
  ["nothing reaches the server: offline", facts({ hub: "starting", lastPoll: "failed" }), "offline"],
])("%s", (_, given, expected) => {
  expect(connectionState(given)).toBe(expected);
});
