import { useState } from "react";
import type { ExitWarning } from "@/shared/api/exit-schemas";

export interface WarningsRead {
  /** What is to be confirmed, by name. */
  readonly names: readonly string[];
  readonly understood: boolean;
  readonly note: (isRead: boolean) => void;
}

/** Which warnings of a preview the person has read: another one that comes up meanwhile has not been. */
export function useWarnings(preview: { readonly warnings: readonly ExitWarning[] } | null): WarningsRead {
  const [read, setRead] = useState("");
  const names = preview?.warnings.map((warning) => warning.name) ?? [];
  const note = (isRead: boolean): void => {
    setRead(isRead ? names.join() : "");
  };
  return { names, understood: read === names.join(), note };
}
