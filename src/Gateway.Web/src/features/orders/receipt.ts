import { receiptHtml } from "./receipt-html";
import { fetchOrderHistory, fetchOrderTrades } from "@/shared/api/requests";

/** Asks the server for the order's steps and trades, and hands them to the person as one file that needs nothing else. */
export async function downloadReceipt(orderId: string, account: string): Promise<void> {
  const [steps, trades] = await Promise.all([fetchOrderHistory(orderId), fetchOrderTrades(orderId)]);
  const html = receiptHtml({ account, steps, trades, madeAt: new Date().toISOString(), language: document.documentElement.lang });
  const address = URL.createObjectURL(new Blob([html], { type: "text/html;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `receipt-${orderId}.html`;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken the file by then; kept, it would stay in memory.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
