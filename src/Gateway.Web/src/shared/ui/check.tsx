import type { ReactNode } from "react";

interface Props {
  readonly testId: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Set apart, as something to be read first. */
  readonly isNote?: boolean;
  readonly children: ReactNode;
}

/** A box to tick, with its words beside it. */
export function Check({ testId, checked, onChange, isNote = false, children }: Props) {
  return (
    <label className={isNote ? "check note" : "check"}>
      <input
        type="checkbox"
        data-testid={testId}
        checked={checked}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      {children}
    </label>
  );
}
