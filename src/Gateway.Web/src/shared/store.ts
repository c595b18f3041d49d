import { useSyncExternalStore } from "react";

/** State outside React. Readers are told at most once a frame, however often it changes. */
export interface Store<T> {
  readonly get: () => T;
  readonly set: (next: T) => void;
  readonly update: (change: (current: T) => T) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Runs a callback with the next frame; a hidden tab has no frames, so a timer stands in for them. */
export type Schedule = (callback: () => void) => void;

export const withNextFrame: Schedule = (callback) => {
  if (document.visibilityState === "visible") {
    requestAnimationFrame(callback);
  } else {
    setTimeout(callback, 250);
  }
};

export function createStore<T>(initial: T, schedule: Schedule = withNextFrame): Store<T> {
  let current = initial;
  let told = true;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    told = true;
    for (const listener of [...listeners]) {
      listener();
    }
  };

  const set = (next: T): void => {
    if (Object.is(next, current)) {
      return;
    }

    current = next;
    if (told) {
      told = false;
      schedule(tell);
    }
  };

  return {
    get: () => current,
    set,
    update: (change) => {
      set(change(current));
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);
