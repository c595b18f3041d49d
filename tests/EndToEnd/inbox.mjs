import { setTimeout as pause } from "node:timers/promises";

/** The newest code sent to a mobile after a moment; asks the inbox until it is there. */
export async function waitForCode(inboxUrl, mobile, since, withinMs = 20_000) {
  const address = new URL("inbox.json", inboxUrl.endsWith("/") ? inboxUrl : `${inboxUrl}/`);
  address.searchParams.set("to", mobile);
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const answer = await fetch(address).catch(() => null);
    const messages = answer?.ok ? await answer.json() : [];
    const newest = messages.find((message) => Date.parse(message.at) >= since);
    const code = newest?.text.match(/\b\d{4,8}\b/)?.[0];
    if (code !== undefined) {
      return code;
    }

    await pause(100);
  }

  throw new Error(`No message with a code came to ${mobile} within ${withinMs} ms. Asked: ${address}`);
}
