import { setTimeout as pause } from "node:timers/promises";

/** All that was sent to a mobile, newest first. */
export async function inboxOf(inboxUrl, mobile) {
  const address = new URL("inbox.json", inboxUrl.endsWith("/") ? inboxUrl : `${inboxUrl}/`);
  address.searchParams.set("to", mobile);
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`The inbox answered ${answer.status} to ${address}`);
  }

  return answer.json();
}

/** The newest code sent to a mobile after a moment; asks the inbox until it is there. */
export async function waitForCode(inboxUrl, mobile, since, withinMs = 20_000) {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const messages = await inboxOf(inboxUrl, mobile).catch(() => []);
    // Not every message has one.
    const code = messages.filter((message) => Date.parse(message.at) >= since).map(({ text }) => text.match(/\b\d{4,8}\b/)?.[0]).find(Boolean);
    if (code !== undefined) {
      return code;
    }

    await pause(100);
  }

  throw new Error(`No message with a code came to ${mobile} within ${withinMs} ms. Asked: ${inboxUrl}`);
}
