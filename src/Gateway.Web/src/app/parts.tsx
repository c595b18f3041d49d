import { createElement, type ComponentType } from "react";
import type { SystemStatus } from "@/shared/api/schemas";
import { strings } from "@/shared/strings";
import { Dialog } from "@/shared/ui/dialog";
import { NotLoaded } from "@/shared/ui/not-loaded";
import { part, useLater, type Later, type Part } from "@/shared/ui/use-later";

/** The parts that are not in the first load. An account's are fetched while its client logs in; those that trading may need as soon as he is. */

const account = part(() => import("@/app/account"));
const staff = part(() => import("@/app/staff"));
const exits = part(() => import("@/app/exit-parts"));
const orders = part(() => import("@/features/orders/orders-page"));
const profile = part(() => import("@/features/profile/profile-page"));
const mainSite = part(() => import("@/features/main-site/main-site-notice"));

/** Nobody waits for them yet. What fails now is asked for again when it is wanted. */
export function fetchAccountParts(): void {
  account.fetch().catch(() => undefined);
}

/** The link may be worse when they are needed. What fails now is asked for again then. */
export function fetchTradingParts(): void {
  exits.fetch().catch(() => undefined);
  orders.fetch().catch(() => undefined);
}

/** What is known of a part that is not here. */
type Missed = Omit<Later<object>, "loaded">;

/** Where the ticket will be, over the lists: beneath them nobody would see it. */
function TicketNotLoaded({ onClose, failed, retry }: Missed & { readonly onClose: () => void }) {
  return (
    <Dialog titleId="part-title" onClose={onClose}>
      <header className="ticket-head">
        <h2 id="part-title">{strings.positions.action}</h2>
        <button type="button" className="quiet" onClick={onClose}>
          {strings.exit.close}
        </button>
      </header>
      <NotLoaded failed={failed} retry={retry} />
    </Dialog>
  );
}

/** Exits at work and what rests of them. Nobody waits for them, so nothing stands in their place. */
export function LaterExitsAtWork() {
  const { loaded, failed, retry } = useLater(exits);
  return loaded === null ? (
    failed ? <NotLoaded failed retry={retry} /> : null
  ) : (
    <>
      <loaded.RunningExits />
      <loaded.ResidualCards />
    </>
  );
}

/** Nobody set a notice on most days. What changes in it is read out, so its place is there before it. */
export function LaterMainSite({ status }: { readonly status: SystemStatus | null }) {
  const notice = status?.notice;
  return <div role="status">{notice && (notice.state !== "backup" || notice.text) ? <FetchedNotice notice={notice} message={status.message} /> : null}</div>;
}

/** The server's own sentence says the same in short, until the part is here. */
function FetchedNotice({ notice, message }: { readonly notice: NonNullable<SystemStatus["notice"]>; readonly message: string | null | undefined }) {
  const { loaded, failed, retry } = useLater(mainSite);
  return loaded === null ? (
    <>
      <p lang="en">{message}</p>
      {failed ? <NotLoaded failed retry={retry} /> : null}
    </>
  ) : (
    <loaded.MainSiteNotice {...notice} />
  );
}

/** A component of a part; until the part is here, what stands in its place. */
function later<T extends object, P extends object>(wanted: Part<T>, pick: (loaded: T) => ComponentType<P>, Missing: ComponentType<P & Missed> = NotLoaded) {
  return function Later(props: P) {
    const { loaded, ...missed } = useLater(wanted);
    return loaded === null ? <Missing {...props} {...missed} /> : createElement(pick(loaded), props);
  };
}

export const LaterOwnAccount = later(account, ({ OwnAccount }) => OwnAccount);
export const LaterStaff = later(staff, ({ Staff }) => Staff);
export const LaterStaffLogin = later(staff, ({ StaffLogin }) => StaffLogin);
export const LaterOrders = later(orders, ({ OrdersPage }) => OrdersPage);
export const LaterProfile = later(profile, ({ ProfilePage }) => ProfilePage);
export const LaterExitTicket = later(exits, ({ ExitTicket }) => ExitTicket, TicketNotLoaded);
export const LaterManyTicket = later(exits, ({ ManyTicket }) => ManyTicket, TicketNotLoaded);
