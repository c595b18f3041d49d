import type { ExitProgress } from "./use-exit";
import { strings } from "@/shared/strings";

interface Props {
  readonly progress: Extract<ExitProgress, { step: "sending" | "unknown" }>;
  readonly onRetry: () => void;
}

/** The time between the confirmation and the server's answer, which may not come. */
export function NotAnswered({ progress, onRetry }: Props) {
  const text = strings.exit;
  return progress.step === "sending" ? (
    <p className="note" role="status" data-testid="exit-progress" data-step="sending">
      {progress.attempt === 1 ? text.sending : text.retrying(progress.attempt)}
    </p>
  ) : (
    <div className="unknown stack" role="alert" data-testid="exit-progress" data-step="unknown">
      <p>{text.unknown}</p>
      <button type="button" className="danger wide" onClick={onRetry}>
        {text.retry}
      </button>
    </div>
  );
}
