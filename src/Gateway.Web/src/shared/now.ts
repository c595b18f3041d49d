import { useSyncExternalStore } from "react";

let now = performance.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    // It stood still while nobody looked.
    now = performance.now();
    timer = setInterval(() => {
      now = performance.now();
      listeners.forEach((tell) => {
        tell();
      });
    }, 500);
  }

  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The page's own clock in ms, for ages only: it does not jump when the phone's clock is set. Ticks twice a second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
