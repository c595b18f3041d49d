import { ApiError } from "@/shared/api/http";
import { strings } from "@/shared/strings";

/** What went wrong, in words of this page or in the server's own. */
export type Trouble = string | ApiError;

export const troubleOf = (error: unknown): Trouble => (error instanceof ApiError ? error : strings.errors.network);

export function Problem({ trouble }: { readonly trouble: Trouble | null }) {
  if (trouble === null) {
    return null;
  }

  const [text, isServers] = typeof trouble === "string" ? [trouble, false] : [trouble.message, trouble.isServers];
  return (
    <p className="problem" role="alert" lang={isServers ? "en" : undefined}>
      {text}
    </p>
  );
}
