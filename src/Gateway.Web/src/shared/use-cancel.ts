import { useState } from "react";
import { ApiError } from "@/shared/api/http";
import { cancelOrder } from "@/shared/api/requests";
import { questionSchema } from "@/shared/api/schemas";
import { strings } from "@/shared/strings";

export interface Cancels {
  /** Orders whose cancel was asked for and not refused. They stay so until the order itself says more. */
  readonly asked: ReadonlySet<string>;
  readonly problems: ReadonlyMap<string, string>;
  /** Orders whose cancel goes only when the person says so once more, by the warning to confirm. */
  readonly questions: ReadonlyMap<string, string>;
  readonly cancel: (orderId: string, confirm?: string) => void;
  readonly cancelMany: (orderIds: readonly string[]) => void;
}

/** Cancels in flight at a time, so that a long list does not crowd out everything else of the page. */
const inFlightMax = 4;

export function useCancel(): Cancels {
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [questions, setQuestions] = useState<ReadonlyMap<string, string>>(new Map());

  const noteAsked = (orderIds: readonly string[]): void => {
    setAsked((current) => new Set([...current, ...orderIds]));
    setProblems((current) => without(current, orderIds));
    setQuestions((current) => without(current, orderIds));
  };

  const send = async (orderId: string, confirm?: string): Promise<void> => {
    try {
      await cancelOrder(orderId, confirm);
    } catch (error) {
      setAsked((current) => new Set([...current].filter((id) => id !== orderId)));
      setProblems((current) => new Map([...current, [orderId, error instanceof ApiError ? error.message : strings.errors.network]]));
      const question = error instanceof ApiError ? questionSchema.safeParse(error.data) : null;
      const [name] = question?.success ? question.data.confirm : [];
      if (name !== undefined) {
        setQuestions((current) => new Map([...current, [orderId, name]]));
      }
    }
  };

  const cancel = (orderId: string, confirm?: string): void => {
    noteAsked([orderId]);
    void send(orderId, confirm);
  };

  const cancelMany = (orderIds: readonly string[]): void => {
    noteAsked(orderIds);
    const left = [...orderIds];
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        await send(next);
      }
    };
    for (let worker = 0; worker < inFlightMax; worker++) {
      void work();
    }
  };

  return { asked, problems, questions, cancel, cancelMany };
}

const without = (map: ReadonlyMap<string, string>, keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map([...map].filter(([id]) => !keys.includes(id)));
