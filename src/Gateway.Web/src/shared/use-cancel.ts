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
}

export function useCancel(): Cancels {
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [questions, setQuestions] = useState<ReadonlyMap<string, string>>(new Map());

  const cancel = (orderId: string, confirm?: string): void => {
    setAsked((current) => new Set([...current, orderId]));
    setProblems((current) => without(current, orderId));
    setQuestions((current) => without(current, orderId));
    cancelOrder(orderId, confirm).catch((error: unknown) => {
      setAsked((current) => new Set([...current].filter((id) => id !== orderId)));
      setProblems((current) => new Map([...current, [orderId, error instanceof ApiError ? error.message : strings.errors.network]]));
      const question = error instanceof ApiError ? questionSchema.safeParse(error.data) : null;
      const [name] = question?.success ? question.data.confirm : [];
      if (name !== undefined) {
        setQuestions((current) => new Map([...current, [orderId, name]]));
      }
    });
  };

  return { asked, problems, questions, cancel };
}

const without = (map: ReadonlyMap<string, string>, key: string): ReadonlyMap<string, string> => new Map([...map].filter(([id]) => id !== key));
