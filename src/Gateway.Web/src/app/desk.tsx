import { useEffect, useState, type ReactNode } from "react";
import { NavLink } from "react-router";
import { fetchTradingParts, LaterExitsAtWork, LaterExitTicket, LaterMainSite, LaterManyTicket, LaterOrders, LaterProfile } from "@/app/parts";
import { ConnectionChip } from "@/features/connection/connection-chip";
import { TruthLine } from "@/features/connection/truth-line";
import type { StatusView } from "@/features/connection/use-system-status";
import { NoticeBell } from "@/features/notices/notice-bell";
import { PositionsPage } from "@/features/positions/positions-page";
import type { OpenAccount } from "@/shared/api/session";
import type { ExitScope } from "@/shared/exits/exit-scope";
import { isOpen, isUnknown } from "@/shared/order-groups";
import { portfolioStore } from "@/shared/portfolio/portfolio-store";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";

interface Props {
  readonly account: OpenAccount;
  /** Who is here, and the way out. */
  readonly bar: ReactNode;
  readonly status: StatusView;
  readonly page: "positions" | "orders" | "profile";
}

/** An account that is open: the truth on top, then one of two lists, and the ticket over them. */
export function Desk({ account, bar, status, page }: Props) {
  const [exiting, setExiting] = useState<string | null>(null);
  const [exitingMany, setExitingMany] = useState<ExitScope | null>(null);
  useEffect(fetchTradingParts, []);
  return (
    <>
      {bar}
      <TruthLine status={status.status} unreachable={status.unreachable} connected />
      <LaterMainSite status={status.status} />
      <Tabs />
      <main id="content">
        <LaterExitsAtWork />
        {page === "positions" ? <PositionsPage onExit={setExiting} onExitMany={setExitingMany} /> : page === "orders" ? <LaterOrders /> : <LaterProfile />}
      </main>
      {exiting === null ? null : (
        <LaterExitTicket
          key={exiting}
          positionKey={exiting}
          account={account.id}
          onClose={() => {
            setExiting(null);
          }}
        />
      )}
      {exitingMany === null ? null : (
        <LaterManyTicket
          scope={exitingMany}
          account={account.id}
          onClose={() => {
            setExitingMany(null);
          }}
        />
      )}
    </>
  );
}

function Tabs() {
  const { positions, orders } = useStore(portfolioStore);
  const open = [...positions.values()].filter((position) => position.quantity !== 0).length;
  const all = [...orders.values()];
  const unknown = all.filter(isUnknown).length;
  const working = all.filter(isOpen).length + unknown;
  return (
    <nav className="tabs" aria-label={strings.nav.label}>
      <NavLink to="/positions">
        {strings.nav.positions} <span className="count">{open}</span>
      </NavLink>
      <NavLink to="/orders" data-alarm={unknown > 0}>
        {strings.nav.orders} <span className="count">{working}</span>
      </NavLink>
      <NoticeBell />
      <ConnectionChip />
    </nav>
  );
}
