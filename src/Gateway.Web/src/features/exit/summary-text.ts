import type { Exit } from "@/shared/api/exit-schemas";
import type { Summary } from "@/shared/exits/exit-progress";
import { isAtWork } from "@/shared/exits/exits-link";
import { strings } from "@/shared/strings";

/** An exit in one sentence. Success of a part is said as what it is. */
export function summaryText(exit: Exit, summary: Summary): string {
  const text = strings.plan;
  if (!isAtWork(exit) && summary.done === summary.lines) {
    return text.allDone(summary.lines);
  }

  const parts = [
    text.doneOf(summary.done, summary.lines),
    summary.working > 0 ? text.working(summary.working) : "",
    summary.waiting > 0 ? text.waiting(summary.waiting) : "",
    summary.unknown > 0 ? text.unknown(summary.unknown) : "",
    summary.failed > 0 ? text.failed(summary.failed) : "",
    exit.status === "stopping" ? text.stopping : exit.status === "stopped" ? text.stopped : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}
