import { useEffect, useState } from "react";
import { ApiError } from "@/shared/api/http";
import { previewExit, type ExitRequest } from "@/shared/api/requests";
import type { ExitPreview } from "@/shared/api/schemas";
import { strings } from "@/shared/strings";

export interface PreviewView {
  readonly preview: ExitPreview | null;
  readonly problem: string | null;
}

const askEveryMs = 3000;

/**
 * Asks the server what an exit would send, at once and again while the ticket is open, because the price moves.
 * A preview of another `closable` is never shown: "all of it" must be the quantity that the person reads.
 */
export function usePreview(request: ExitRequest | null, closable: number): PreviewView {
  const [view, setView] = useState<PreviewView & { readonly of: string }>({ preview: null, problem: null, of: "" });
  const asked = request === null ? "" : JSON.stringify({ request, closable });
  useEffect(() => {
    if (asked === "") {
      return;
    }

    const stopped = new AbortController();
    const ask = (): void => {
      previewExit((JSON.parse(asked) as { request: ExitRequest }).request, stopped.signal).then(
        (preview) => {
          setView({ preview, problem: null, of: asked });
        },
        (error: unknown) => {
          if (!stopped.signal.aborted) {
            setView({ preview: null, problem: error instanceof ApiError ? error.message : strings.errors.network, of: asked });
          }
        },
      );
    };
    ask();
    const timer = setInterval(ask, askEveryMs);
    return () => {
      stopped.abort();
      clearInterval(timer);
    };
  }, [asked]);
  return view.of === asked ? view : { preview: null, problem: null };
}
