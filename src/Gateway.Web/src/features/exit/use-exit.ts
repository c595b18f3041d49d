import { useRef, useState } from "react";
import { ApiError } from "@/shared/api/http";
import { placeExit, type ExitRequest, type ManyExitRequest } from "@/shared/api/requests";
import { blockedSchema, type Blocked } from "@/shared/api/schemas";
import { noteExit } from "@/shared/exits/exits-link";
import { newIdempotencyKey } from "@/shared/idempotency-key";
import { strings } from "@/shared/strings";

export type ExitProgress =
  | { readonly step: "choosing"; readonly problem: string | null; readonly blocked: Blocked | null }
  | { readonly step: "sending"; readonly attempt: number }
  | { readonly step: "unknown" }
  | { readonly step: "accepted"; readonly exitId: string; readonly orderIds: readonly string[] };

const attemptsMax = 4;
const waitBetweenMs = 1200;

/**
 * Places one exit. A ticket has one key: asking again after silence cannot place a second exit. Only a clear refusal, after
 * which nothing was placed, gives the ticket a new key.
 */
export function useExit(): { readonly progress: ExitProgress; readonly place: (request: ExitRequest | ManyExitRequest) => void } {
  const [progress, setProgress] = useState<ExitProgress>({ step: "choosing", problem: null, blocked: null });
  const key = useRef<string | null>(null);

  const place = async (request: ExitRequest | ManyExitRequest): Promise<void> => {
    const mine = (key.current ??= newIdempotencyKey());
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      setProgress({ step: "sending", attempt });
      try {
        const accepted = await placeExit(request, mine);
        noteExit(accepted);
        setProgress({ step: "accepted", exitId: accepted.exit_id, orderIds: accepted.orders.map((order) => order.order_id) });
        return;
      } catch (error) {
        const wait = error instanceof ApiError && (isSilence(error) || isBusy(error));
        if (wait && attempt < attemptsMax) {
          await new Promise((resolve) => setTimeout(resolve, waitBetweenMs));
        } else if (error instanceof ApiError && isSilence(error)) {
          setProgress({ step: "unknown" });
        } else {
          key.current = isRefusal(error) ? null : key.current;
          setProgress({ step: "choosing", problem: error instanceof ApiError ? error.message : strings.errors.network, blocked: blockedIn(error) });
        }

        if (!wait) {
          return;
        }
      }
    }
  };

  return { progress, place: (request) => void place(request) };
}

/** No answer, or one that does not say whether the exit was taken. */
const isSilence = (error: ApiError): boolean => [0, 502, 504].includes(error.status) || error.errorType === "UnreadableAnswer";

/** An answer that says "nothing was done, come back". */
const isBusy = (error: ApiError): boolean => error.status === 503 || error.status === 429;

/** A clear no: nothing was placed, and asking the same again would give the same no. */
const isRefusal = (error: unknown): boolean => error instanceof ApiError && error.status >= 400 && error.status < 500;

function blockedIn(error: unknown): Blocked | null {
  if (!(error instanceof ApiError) || error.errorType !== "ReduceOnlyException") {
    return null;
  }

  const blocked = blockedSchema.safeParse(error.data);
  return blocked.success ? blocked.data : null;
}
