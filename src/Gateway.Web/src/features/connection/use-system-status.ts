import { useEffect, useState } from "react";
import { fetchStatus } from "@/shared/api/requests";
import type { SystemStatus } from "@/shared/api/schemas";

export interface StatusView {
  readonly status: SystemStatus | null;
  readonly unreachable: boolean;
}

const askEveryMs = 5000;

/** Asks the server how it and its exchange links are, before and after login alike. */
export function useSystemStatus(onChange: (before: SystemStatus | null, now: SystemStatus) => void): StatusView {
  const [view, setView] = useState<StatusView>({ status: null, unreachable: false });
  useEffect(() => {
    let stopped = false;
    let before: SystemStatus | null = null;
    let timer: ReturnType<typeof setTimeout>;
    const ask = (): void => {
      fetchStatus()
        .then(
          (status) => {
            setView({ status, unreachable: false });
            onChange(before, status);
            before = status;
          },
          () => {
            setView((former) => ({ ...former, unreachable: true }));
          },
        )
        .finally(() => {
          timer = setTimeout(ask, stopped ? 0 : askEveryMs);
          if (stopped) {
            clearTimeout(timer);
          }
        });
    };
    ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [onChange]);
  return view;
}
