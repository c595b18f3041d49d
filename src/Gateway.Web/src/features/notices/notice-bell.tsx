import { useEffect, useState } from "react";
import { markRead, noticesStore, type Notice } from "@/shared/notices/notices";
import { noticeText } from "@/shared/notices/notice-text";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";
import { Dialog } from "@/shared/ui/dialog";
import { NotLoaded } from "@/shared/ui/not-loaded";
import { part, useLater } from "@/shared/ui/use-later";

const noticePanel = part(() => import("./notice-panel"));

/** How many notices have not been looked at, and the way to them. */
export function NoticeBell() {
  const { unread } = useStore(noticesStore);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="bell"
        data-testid="notices-open"
        data-unread={unread}
        aria-label={strings.notices.open(unread)}
        onClick={() => {
          setOpen(true);
        }}
      >
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path fill="currentColor" d="M12 2a7 7 0 0 0-7 7v4l-2 4h18l-2-4V9a7 7 0 0 0-7-7zm0 20a3 3 0 0 0 3-3H9a3 3 0 0 0 3 3z" />
        </svg>
        {unread === 0 ? null : <span className="count">{unread}</span>}
      </button>
      {open ? (
        <NoticeDialog
          onClose={() => {
            setOpen(false);
          }}
        />
      ) : null}
      <Announcer />
    </>
  );
}

function NoticeDialog({ onClose }: { readonly onClose: () => void }) {
  const { items } = useStore(noticesStore);
  const panel = useLater(noticePanel);
  useEffect(markRead, [items]);
  return (
    <Dialog titleId="notices-title" onClose={onClose}>
      <header className="ticket-head">
        <h2 id="notices-title">{strings.notices.title}</h2>
        <button type="button" className="quiet" data-testid="notices-close" onClick={onClose}>
          {strings.exit.close}
        </button>
      </header>
      {panel.loaded === null ? <NotLoaded failed={panel.failed} retry={panel.retry} /> : <panel.loaded.NoticePanel items={items} />}
      <p className="small">{strings.notices.memoryOnly}</p>
    </Dialog>
  );
}

/** News come in bursts; a screen reader is told at most this often, and at most so many of them one by one. */
const announceEveryMs = 1500;
const announcedMax = 3;

/** Says new notices to a screen reader without taking the person from what he does. */
function Announcer() {
  const { items } = useStore(noticesStore);
  const [said, setSaid] = useState<{ readonly upTo: number; readonly text: string }>({ upTo: 0, text: "" });
  const isNews = (items[0]?.id ?? 0) > said.upTo;
  useEffect(() => {
    if (!isNews) {
      return;
    }

    const timer = setTimeout(() => {
      const news = noticesStore.get().items.filter((notice) => notice.id > said.upTo);
      setSaid({ upTo: news[0]?.id ?? said.upTo, text: announcement(news) });
    }, announceEveryMs);
    return () => {
      clearTimeout(timer);
    };
  }, [isNews, said.upTo]);
  return (
    <p className="unseen" aria-live="polite" data-testid="announcer">
      {said.text}
    </p>
  );
}

function announcement(news: readonly Notice[]): string {
  const more = news.length - announcedMax;
  return [...news.slice(0, announcedMax).map(noticeText), ...(more > 0 ? [strings.notices.andMore(more)] : [])].join(" ");
}
