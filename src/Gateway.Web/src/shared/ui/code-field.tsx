import type { RefObject } from "react";

interface Props {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (digits: string) => void;
  readonly field?: RefObject<HTMLInputElement | null>;
}

/** Where the digits of a code are entered. */
export function CodeField({ id, label, hint, value, onChange, field }: Props) {
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={field}
        className="code"
        data-testid={id}
        value={value}
        onChange={(event) => {
          onChange(event.target.value.replaceAll(/\D/g, ""));
        }}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={8}
        aria-describedby={`${id}-hint`}
      />
      <p id={`${id}-hint`} className="hint">
        {hint}
      </p>
    </>
  );
}
