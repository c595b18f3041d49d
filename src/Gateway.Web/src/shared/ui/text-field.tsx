import type { ComponentProps } from "react";

interface Props extends Pick<ComponentProps<"input">, "ref" | "className" | "type" | "inputMode" | "maxLength" | "autoComplete" | "autoCapitalize" | "autoFocus"> {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A line to be filled in, under its name. What is typed there is a name, a reference or a secret, and no text to be corrected. */
export function TextField({ id, label, hint, value, onChange, ...input }: Props) {
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        data-testid={id}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        spellCheck={false}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </>
  );
}
