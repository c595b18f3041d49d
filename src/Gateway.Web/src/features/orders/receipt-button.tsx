import { useState } from "react";
import { ApiError } from "@/shared/api/http";
import { sessionStore } from "@/shared/api/session";
import { strings } from "@/shared/strings";
import { Problem } from "@/shared/ui/problem";

/** Gives a person the record of an order as a file of his own. */
export function ReceiptButton({ orderId, symbol }: { readonly orderId: string; readonly symbol: string }) {
  const text = strings.receipt;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const { downloadReceipt } = await import("./receipt");
      const account = sessionStore.get().session?.account;
      await downloadReceipt(orderId, account ? `${account.id} ${account.name}`.trim() : "");
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : strings.errors.partMissing);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <button type="button" className="quiet receipt" data-testid={`receipt-${orderId}`} aria-label={text.label(symbol, orderId)} disabled={busy} onClick={() => void make()}>
        {text.button}
      </button>
      <Problem trouble={problem} />
    </>
  );
}
