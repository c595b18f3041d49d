import { useEffect } from "react";
import { Link, useLocation } from "react-router";
import { fetchAccountParts, LaterMainSite, LaterOwnAccount, LaterStaff, LaterStaffLogin } from "@/app/parts";
import { TruthLine } from "@/features/connection/truth-line";
import { useSystemStatus, type StatusView } from "@/features/connection/use-system-status";
import { LoginPage } from "@/features/login/login-page";
import { LanguageSwitch, Preferences } from "@/features/preferences/preferences";
import { renewSession, resumeSession } from "@/shared/api/requests";
import { ApiError } from "@/shared/api/http";
import { beginSession, needLogin, sessionStore, type Session } from "@/shared/api/session";
import { useLanguage } from "@/shared/language";
import { noteStatus } from "@/shared/notices/notices";
import { useStore } from "@/shared/store";
import { strings } from "@/shared/strings";

export function App() {
  const { session, reason, resumable } = useStore(sessionStore);
  const language = useLanguage();
  useEffect(() => {
    document.title = strings.product;
  }, [language]);
  const status = useSystemStatus(noteStatus);
  useRenewal(session);
  useResume(session === null && resumable);
  useEffect(fetchAccountParts, []);

  return (
    <>
      <a className="skip" href="#content">
        {strings.skip}
      </a>
      {session === null ? (
        <Door status={status} reason={reason} resuming={resumable} />
      ) : session.role === "trader" && session.account !== null ? (
        <LaterOwnAccount account={session.account} status={status} />
      ) : (
        <LaterStaff session={session} status={status} />
      )}
      <Preferences hasLanguage={session !== null} />
    </>
  );
}

interface DoorProps {
  readonly status: StatusView;
  readonly reason: string | null;
  readonly resuming: boolean;
}

/** Before anybody is in. The broker's people have a door of their own, at an address of its own. */
function Door({ status, reason, resuming }: DoorProps) {
  const { pathname } = useLocation();
  return (
    <>
      <header className="bar">
        <span className="brand">{strings.product}</span>
        <LanguageSwitch />
      </header>
      <TruthLine status={status.status} unreachable={status.unreachable} connected={false} />
      <LaterMainSite status={status.status} />
      <main id="content" className="narrow">
        {resuming ? (
          <p className="lead">{strings.login.resuming}</p>
        ) : pathname === "/staff" ? (
          <LaterStaffLogin reason={reason} />
        ) : (
          <>
            <LoginPage reason={reason} />
            <p className="small other-door">
              <Link to="/staff" data-testid="staff-link">
                {strings.login.staff}
              </Link>
            </p>
          </>
        )}
      </main>
    </>
  );
}

/** After a reload, or when the page slept past its token's end, the person is not asked for a code again. */
function useResume(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) {
      return;
    }

    let left = false;
    resumeSession().then(
      (granted) => {
        if (!left) {
          beginSession(granted);
        }
      },
      () => {
        if (!left) {
          needLogin();
        }
      },
    );
    return () => {
      left = true;
    };
  }, [wanted]);
}

/** Renews the login at two thirds of its life, and again each second while the server does not answer. */
function useRenewal(session: Session | null): void {
  useEffect(() => {
    if (session === null) {
      return;
    }

    let timer: ReturnType<typeof setTimeout>;
    const renew = (): void => {
      renewSession().then(beginSession, (error: unknown) => {
        if (error instanceof ApiError && (error.unanswered || error.status === 429)) {
          timer = setTimeout(renew, 1000);
        }
      });
    };
    timer = setTimeout(renew, session.renewAfterMs);
    return () => {
      clearTimeout(timer);
    };
  }, [session]);
}
