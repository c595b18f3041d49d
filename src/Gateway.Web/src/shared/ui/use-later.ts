import { useEffect, useState } from "react";

export interface Later<T> {
  readonly loaded: T | null;
  readonly failed: boolean;
  readonly retry: () => void;
}

/** A part of the page that is not in its first load. */
export interface Part<T extends object> {
  /** Fetches it, once; after a failure it can be asked for again. */
  readonly fetch: () => Promise<T>;
  /** What was fetched already. */
  readonly get: () => T | null;
}

export function part<T extends object>(load: () => Promise<T>): Part<T> {
  let here: T | null = null;
  return {
    fetch: async () => (here ??= await load()),
    get: () => here,
  };
}

/** A part of the page where it is wanted. On a poor link its fetch may fail. */
export function useLater<T extends object>(wanted: Part<T>): Later<T> {
  const [state, setState] = useState<{ readonly loaded: T | null; readonly failed: boolean }>(() => ({ loaded: wanted.get(), failed: false }));
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let left = false;
    wanted.fetch().then(
      (loaded) => {
        if (!left) {
          setState({ loaded, failed: false });
        }
      },
      () => {
        if (!left) {
          setState({ loaded: null, failed: true });
        }
      },
    );
    return () => {
      left = true;
    };
  }, [wanted, attempt]);
  return {
    ...state,
    retry: () => {
      setState({ loaded: null, failed: false });
      setAttempt(attempt + 1);
    },
  };
}
