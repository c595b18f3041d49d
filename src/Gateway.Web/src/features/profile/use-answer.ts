import { useEffect, useState } from "react";
import { troubleOf, type Trouble } from "@/shared/ui/problem";

/** What the server answers to one question, asked when its place is shown and again by `reload`. */
export function useAnswer<T>(ask: () => Promise<T>) {
  const [answer, setAnswer] = useState<T | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let left = false;
    ask().then(
      (found) => {
        if (!left) {
          setAnswer(found);
          setTrouble(null);
        }
      },
      (error: unknown) => {
        if (!left) {
          setTrouble(troubleOf(error));
        }
      },
    );
    return () => {
      left = true;
    };
  }, [ask, round]);
  return {
    answer,
    trouble,
    set: setAnswer,
    reload: () => {
      setRound((former) => former + 1);
    },
  };
}
