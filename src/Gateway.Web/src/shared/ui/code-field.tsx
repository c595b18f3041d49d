import type { RefObject } from "react";
import { TextField } from "@/shared/ui/text-field";

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
    <TextField
      id={id}
      ref={field}
      className="code"
      label={label}
      hint={hint}
      value={value}
      onChange={(typed) => {
        onChange(typed.replaceAll(/\D/g, ""));
      }}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={8}
    />
  );
}
