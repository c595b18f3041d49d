import { useEffect, useState } from "react";
import { ApiError } from "@/shared/api/http";
import { strings } from "@/shared/strings";

export interface PreviewView<TPreview> {
  readonly preview: TPreview | null;
  readonly problem: string | null;
}

const askEveryMs = 3000;

/**
 * Asks the server what an exit would send, at once and again while the ticket is open, because the price moves.
 * A preview on another basis (what is closable) is never shown: "all of it" must be the quantity that the person reads.
 */
export function usePreview<TRequest, TPreview>(
  previewOf: (request: TRequest, signal: AbortSignal) => Promise<TPreview>,
  request: TRequest | null,
  basis: string,
): PreviewView<TPreview> {
  const [view, setView] = useState<PreviewView<TPreview> & { readonly of: string }>({ preview: null, problem: null, of: "" });
  const asked = request === null ? "" : JSON.stringify({ request, basis });
  useEffect(() => {
    if (asked === "") {
      return;
    }

    const stopped = new AbortController();
    const ask = (): void => {
      previewOf((JSON.parse(asked) as { request: TRequest }).request, stopped.signal).then(
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
  }, [asked, previewOf]);
  return view.of === asked ? view : { preview: null, problem: null };
}
