import type { Execution, Order } from "@/shared/api/schemas";
import { formatPrice, formatQuantity } from "@/shared/format";
import { strings } from "@/shared/strings";

export interface ReceiptFacts {
  readonly account: string;
  /** Oldest first; the last one is the order as it is now. */
  readonly steps: readonly Order[];
  readonly trades: readonly Execution[];
  readonly madeAt: string;
  readonly language: string;
}

/** The record of one order as a page of its own: who asked for what and when, each step, and the exchange's numbers. */
export function receiptHtml({ account, steps, trades, madeAt, language }: ReceiptFacts): string {
  const text = strings.receipt;
  const order = steps.at(-1);
  if (order === undefined) {
    throw new Error("An order has at least the step of its being taken.");
  }

  const facts: [string, string][] = [
    [strings.exit.account, account],
    [text.instructed, `${order.order_timestamp ?? "–"} ${text.zone}`],
    [text.what, `${strings.exit.side[order.transaction_type]} ${formatQuantity(order.quantity)} ${order.exchange}:${order.tradingsymbol} ${order.product}`],
    [text.limit, formatPrice(order.price)],
    [strings.orders.orderId, order.order_id],
    [strings.orders.exchangeId, order.exchange_order_id ?? strings.orders.noProof],
    [text.exit, order.plan_id ?? "–"],
    [text.result, `${stepName(order)}, ${strings.orders.filled(formatQuantity(order.filled_quantity), formatQuantity(order.quantity))}`],
  ];
  return `<!doctype html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(`${text.title} ${order.order_id}`)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:760px;margin:24px auto;padding:0 16px}th,td{text-align:left;padding:4px 14px 4px 0;vertical-align:top;border-bottom:1px solid #ccc;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}</style>
</head>
<body>
<h1>${escape(text.title)}</h1>
<table>${facts.map(([name, value]) => row("th", [name], [value])).join("")}</table>
<h2>${escape(text.steps)}</h2>
<table>${row("th", [text.time, text.step, text.filled, text.said], [])}${steps.map(stepRow).join("")}</table>
<h2>${escape(strings.orders.trades)}</h2>
${trades.length === 0 ? `<p>${escape(strings.orders.none)}</p>` : `<table>${row("th", [text.trade, text.time, strings.positions.quantity, text.price, strings.orders.exchangeId], [])}${trades.map(tradeRow).join("")}</table>`}
<p>${escape(text.made(madeAt))}</p>
</body>
</html>
`;
}

const stepName = (order: Order): string => strings.orders.status[order.status] ?? order.status;

const stepRow = (step: Order): string =>
  row("td", [], [step.exchange_update_timestamp ?? step.order_timestamp ?? "–", stepName(step), formatQuantity(step.filled_quantity), step.status_message ?? ""]);

const tradeRow = (trade: Execution): string =>
  row("td", [], [trade.trade_id, trade.fill_timestamp ?? "–", formatQuantity(trade.quantity), formatPrice(trade.average_price), trade.exchange_order_id]);

const row = (head: "th" | "td", heads: readonly string[], cells: readonly string[]): string =>
  `<tr>${heads.map((cell) => `<${head}>${escape(cell)}</${head}>`).join("")}${cells.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`;

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Texts of the exchange and of the server are data here, whatever they hold. */
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
