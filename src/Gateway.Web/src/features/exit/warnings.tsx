import type { ExitWarning } from "@/shared/api/exit-schemas";
import { strings } from "@/shared/strings";
import { Check } from "@/shared/ui/check";
import { ServerText } from "@/shared/ui/server-text";

interface Props {
  readonly warnings: readonly ExitWarning[];
  readonly understood: boolean;
  readonly onUnderstood: (understood: boolean) => void;
}

/** What is to be read before the exit can be confirmed. */
export function Warnings({ warnings, understood, onUnderstood }: Props) {
  const text = strings.exit;
  return (
    <div className="note stack" role="alert">
      <strong>{text.warnings}</strong>
      {warnings.map((warning) => (
        <p key={warning.name}>
          <ServerText of="warnings" name={warning.name} message={warning.message} />
        </p>
      ))}
      <Check testId="exit-understood" checked={understood} onChange={onUnderstood}>
        {text.understood}
      </Check>
    </div>
  );
}
