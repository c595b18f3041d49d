import { formatTime } from "@/shared/format";
import { noticeText } from "@/shared/notices/notice-text";
import type { Notice } from "@/shared/notices/notices";
import { strings } from "@/shared/strings";

/** All notices of this login, newest first. */
export function NoticePanel({ items }: { readonly items: readonly Notice[] }) {
  return items.length === 0 ? (
    <p className="empty">{strings.notices.none}</p>
  ) : (
    <ul className="cards" data-testid="notice-list">
      {items.map((notice) => (
        <li key={notice.id} className="order compact" data-kind={notice.about === "order" ? notice.fact.kind : notice.about}>
          <span>{noticeText(notice)}</span>
          <span className="hint">
            {formatTime(notice.at)}
            {notice.about === "order" ? ` · ${strings.orders.orderId} ${notice.fact.order.order_id}` : ""}
          </span>
        </li>
      ))}
    </ul>
  );
}
