import { useEffect } from "react";
import { Navigate, Route, Routes } from "react-router";
import { Desk } from "@/app/desk";
import { LaterMainSite } from "@/app/parts";
import { TruthLine } from "@/features/connection/truth-line";
import { useSystemStatus } from "@/features/connection/use-system-status";
import { LoginPage } from "@/features/login/login-page";
import { LanguageSwitch, Preferences } from "@/features/preferences/preferences";
import { renewSession, resumeSession } from "@/shared/api/requests";
import { ApiError } from "@/shared/api/http";
import { beginSession, needLogin, sessionStore, type Session } from "@/shared/api/session";
import { useLanguage } from "@/shared/language";
import { startExitsLink } from "@/shared/exits/exits-link";
import { noteStatus, startNotices } from "@/shared/notices/notices";
import { startPortfolioLink } from "@/shared/portfolio/portfolio-link";
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
  const clientId = session?.clientId;
  useEffect(() => (clientId === undefined ? undefined : startLinks()), [clientId]);

  return (
    <>
      <a className="skip" href="#content">
        {strings.skip}
      </a>
      {session === null ? (
        <>
          <header className="bar">
            <span className="brand">{strings.product}</span>
            <LanguageSwitch />
          </header>
          <TruthLine status={status.status} unreachable={status.unreachable} connected={false} />
          <LaterMainSite status={status.status} />
          <main id="content" className="narrow">
            {resumable ? <p className="lead">{strings.login.resuming}</p> : <LoginPage reason={reason} />}
          </main>
        </>
      ) : (
        <Routes>
          <Route path="/positions" element={<Desk session={session} status={status} page="positions" />} />
          <Route path="/profile" element={<Desk session={session} status={status} page="profile" />} />
          <Route path="/orders" element={<Desk session={session} status={status} page="orders" />} />
          <Route path="*" element={<Navigate to="/positions" replace />} />
        </Routes>
      )}
      <Preferences hasLanguage={session !== null} />
    </>
  );
}

function startLinks(): () => void {
  const stops = [startPortfolioLink(), startExitsLink(), startNotices()];
  return () => {
    stops.forEach((stop) => {
      stop();
    });
  };
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
