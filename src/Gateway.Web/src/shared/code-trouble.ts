import { ApiError } from "@/shared/api/http";
import { loginRefusalSchema } from "@/shared/api/schemas";
import { formatMinute } from "@/shared/format";
import { strings } from "@/shared/strings";
import { troubleOf, type Trouble } from "@/shared/ui/problem";

/** A refused code that the page can tell in the person's language; anything else as the server said it. */
export function codeTroubleOf(error: unknown): Trouble {
  const told = loginRefusalSchema.safeParse(error instanceof ApiError ? error.data : null).data;
  if (told?.attempts_left !== undefined) {
    return strings.login.wrong(told.attempts_left);
  }

  return told?.locked_until === undefined ? troubleOf(error) : strings.login.locked(formatMinute(told.locked_until));
}
