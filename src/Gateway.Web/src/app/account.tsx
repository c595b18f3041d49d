import { useEffect, type ReactNode } from "react";
import { Navigate, NavLink, Route, Routes, useNavigate } from "react-router";
import { Desk } from "@/app/desk";
import type { StatusView } from "@/features/connection/use-system-status";
import { logOut } from "@/shared/api/requests";
import { needLogin, type OpenAccount } from "@/shared/api/session";
import { startExitsLink } from "@/shared/exits/exits-link";
import { startNotices } from "@/shared/notices/notices";
import { startPortfolioLink } from "@/shared/portfolio/portfolio-link";
import { strings } from "@/shared/strings";

interface Props {
  readonly account: OpenAccount;
  readonly bar: ReactNode;
  readonly status: StatusView;
}

/** An account while it is open, and its links with it. The profile is the trader's own: for who acts for him there is none. */
export function Account({ account, bar, status }: Props) {
  const { id, evidence } = account;
  const isOwn = evidence === null;
  useEffect(() => startLinks(!isOwn), [id, isOwn]);
  const desk = { account, bar, status };
  return (
    <Routes>
      <Route path="/positions" element={<Desk {...desk} page="positions" />} />
      <Route path="/orders" element={<Desk {...desk} page="orders" />} />
      {isOwn ? <Route path="/profile" element={<Desk {...desk} page="profile" />} /> : null}
      <Route path="*" element={<Navigate to="/positions" replace />} />
    </Routes>
  );
}

/** The trader's own account. */
export function OwnAccount(props: Omit<Props, "bar">) {
  return <Account {...props} bar={<OwnBar {...props.account} />} />;
}

function OwnBar({ id, name }: OpenAccount) {
  return (
    <header className="bar">
      <span className="brand">{strings.product}</span>
      <NavLink to="/profile" className="account" data-testid="profile-link">
        <span className="unseen">{strings.profile.link}: </span>
        <strong>{id}</strong>
        <span className="account-name">{name}</span>
      </NavLink>
      <LogOut door="/" />
    </header>
  );
}

/** @param props.door Where somebody of this kind comes in again. */
export function LogOut({ door }: { readonly door: "/" | "/staff" }) {
  const navigate = useNavigate();
  const leave = (): void => {
    logOut().catch(() => undefined);
    needLogin(strings.login.signedOut);
    void navigate(door);
  };

  return (
    <button type="button" className="quiet" onClick={leave}>
      {strings.nav.logOut}
    </button>
  );
}

function startLinks(onlyPolling: boolean): () => void {
  const stops = [startPortfolioLink(onlyPolling), startExitsLink(), startNotices()];
  return () => {
    stops.forEach((stop) => {
      stop();
    });
  };
}
