import { Link, Route, Routes } from "react-router";
import { Account, LogOut } from "@/app/account";
import { LaterMainSite } from "@/app/parts";
import { TruthLine } from "@/features/connection/truth-line";
import type { StatusView } from "@/features/connection/use-system-status";
import { AuthenticatorCard } from "@/features/profile/authenticator-card";
import { LoginsCard } from "@/features/profile/logins-card";
import { ActingBar } from "@/features/staff/acting-bar";
import { ClientForm } from "@/features/staff/client-form";
import type { Session } from "@/shared/api/session";
import { useStaffTexts } from "@/shared/strings-staff";
import { strings } from "@/shared/strings";

export { StaffLogin } from "@/features/login/staff-login";

interface Props {
  readonly session: Session;
  readonly status: StatusView;
}

/** What one of the broker's people sees: a client's account while one is open, and else the way to open one. */
export function Staff({ session, status }: Props) {
  const { account } = session;
  return account === null ? (
    <>
      <header className="bar">
        <span className="brand">{strings.product}</span>
        <span className="account" data-testid="staff-person">
          <strong>{session.person}</strong> <span className="account-name">{session.role}</span>
        </span>
        <LogOut door="/staff" />
      </header>
      <TruthLine status={status.status} unreachable={status.unreachable} connected={false} />
      <LaterMainSite status={status.status} />
      <main id="content" className="narrow stack">
        <Routes>
          <Route path="/profile" element={<OwnLogin />} />
          <Route path="*" element={<Home role={session.role} />} />
        </Routes>
      </main>
    </>
  ) : (
    <Account key={account.id} account={account} status={status} bar={<ActingBar account={account} />} />
  );
}

function Home({ role }: { readonly role: string }) {
  const text = useStaffTexts();
  return (
    <>
      {role === "assisted-desk" ? <ClientForm /> : <p className="note">{text.roles[role]}</p>}
      <Link to="/profile" data-testid="staff-own">
        {text.own}
      </Link>
    </>
  );
}

function OwnLogin() {
  const text = useStaffTexts();
  return (
    <>
      <h1>{text.own}</h1>
      <LoginsCard lead={text.loginsLead} />
      <AuthenticatorCard besidePassword={text.app} />
      <Link to="/staff">{text.back}</Link>
    </>
  );
}
