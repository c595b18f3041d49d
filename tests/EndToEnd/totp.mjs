import { createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

const stepMs = 30_000;

/** An authenticator app (RFC 6238) with one secret. Each code of it is good once, so each further one is of a later step. */
export function makeApp(key) {
  const secret = fromBase32(key.replaceAll(" ", ""));
  let last = 0;
  return async () => {
    // The server takes the next step too, for clocks that are a little off.
    last = Math.max(last + 1, Math.floor(Date.now() / stepMs));
    await pause(Math.max(0, (last - 1) * stepMs - Date.now()));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(last));
    const digest = createHmac("sha1", secret).update(counter).digest();
    const number = digest.readUInt32BE(digest.at(-1) & 0xf) & 0x7fff_ffff;
    return String(number % 1_000_000).padStart(6, "0");
  };
}

function fromBase32(text) {
  const bits = [...text].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}
