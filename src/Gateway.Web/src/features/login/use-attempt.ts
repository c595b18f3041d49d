import { useCallback, useEffect, useState } from "react";
import { ApiError } from "@/shared/api/http";
import { codeTroubleOf } from "@/shared/code-trouble";
import type { Trouble } from "@/shared/ui/problem";

/** The server has no room now and has said when to come back. */
export interface Waiting {
  readonly work: () => Promise<void>;
  readonly error: ApiError;
  /** On the page's own clock. */
  readonly untilMs: number;
}

interface Attempt {
  readonly busy: boolean;
  readonly trouble: Trouble | null;
  readonly waiting: Waiting | null;
}

const idle: Attempt = { busy: false, trouble: null, waiting: null };

/** One step of the login at a time: it runs, says why it did not work, or waits for the moment that the server named and runs again. */
export function useAttempt(troubleOf: (error: unknown) => Trouble = codeTroubleOf) {
  const [attempt, setAttempt] = useState<Attempt>(idle);
  const { waiting } = attempt;

  const run = useCallback(async (work: () => Promise<void>): Promise<void> => {
    setAttempt((former) => ({ ...former, busy: true, trouble: null }));
    try {
      await work();
      setAttempt(idle);
    } catch (error) {
      setAttempt(
        error instanceof ApiError && error.retryAfterSeconds !== null
          ? { ...idle, waiting: { work, error, untilMs: performance.now() + error.retryAfterSeconds * 1000 } }
          : { ...idle, trouble: troubleOf(error) },
      );
    }
  }, [troubleOf]);

  useEffect(() => {
    if (waiting === null) {
      return;
    }

    const timer = setTimeout(() => void run(waiting.work), waiting.untilMs - performance.now());
    return () => {
      clearTimeout(timer);
    };
  }, [waiting, run]);

  const say = (trouble: Trouble | null): void => {
    setAttempt({ ...idle, trouble });
  };
  return { ...attempt, run, say };
}
