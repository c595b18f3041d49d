import { useState } from "react";
import { ApiError } from "@/shared/api/http";
import { cancelOrder } from "@/shared/api/requests";
import { strings } from "@/shared/strings";

export interface Cancels {
  /** Orders whose cancel was asked for and not refused. They stay so until the order itself says more. */
  readonly asked: ReadonlySet<string>;
  readonly problems: ReadonlyMap<string, string>;
  readonly cancel: (orderId: string) => void;
}

export function useCancel(): Cancels {
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());

  const cancel = (orderId: string): void => {
    setAsked((current) => new Set([...current, orderId]));
    setProblems((current) => new Map([...current].filter(([id]) => id !== orderId)));
    cancelOrder(orderId).catch((error: unknown) => {
      setAsked((current) => new Set([...current].filter((id) => id !== orderId)));
      setProblems((current) => new Map([...current, [orderId, error instanceof ApiError ? error.message : strings.errors.network]]));
    });
  };

  return { asked, problems, cancel };
}
