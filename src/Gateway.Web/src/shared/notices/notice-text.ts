import { formatPrice, formatQuantity } from "@/shared/format";
import type { Notice } from "@/shared/notices/notices";
import { strings } from "@/shared/strings";

/** A notice in the language of now. What the exchange or the server said stays in their words. */
export function noticeText(notice: Notice): string {
  const text = strings.notices;
  switch (notice.about) {
    case "message":
      return notice.text;
    case "exchange":
      return text.exchange(strings.truth.segment[notice.segment] ?? notice.segment, notice.up);
    case "order": {
      const { fact } = notice;
      const { order } = fact;
      const what = `${strings.exit.side[order.transaction_type]} ${order.tradingsymbol}`;
      const told = order.status_message ? ` ${order.status_message}` : "";
      switch (fact.kind) {
        case "filled":
          return text.filled(what, formatQuantity(order.filled_quantity), formatPrice(order.average_price));
        case "partFilled":
          return text.partFilled(what, formatQuantity(fact.units), formatQuantity(order.filled_quantity), formatQuantity(order.quantity));
        case "rejected":
          return text.rejected(what) + told;
        case "cancelled":
          return text.cancelled(what, formatQuantity(order.filled_quantity), formatQuantity(order.quantity)) + told;
        case "unknown":
          return text.unknown(what);
        case "resolved":
          return text.resolved(what);
      }
    }
  }
}
