import { useState } from "react";
import { beginAuthenticator, confirmAuthenticator, fetchAuthenticator, removeAuthenticator } from "@/shared/api/account-requests";
import type { Authenticator, AuthenticatorBegun } from "@/shared/api/account-schemas";
import { ApiError } from "@/shared/api/http";
import { codeTroubleOf } from "@/shared/code-trouble";
import { formatDayOf } from "@/shared/format";
import { strings } from "@/shared/strings";
import { Problem, type Trouble } from "@/shared/ui/problem";
import { EnrolForm } from "./enrol-form";
import { RemoveForm } from "./remove-form";
import { useAnswer } from "./use-answer";

/** What is said of the app where its code is always asked for beside a password. */
export interface BesidePassword {
  readonly why: string;
  readonly asked: string;
}

/** A person's authenticator app: set up, as it is, removed. A client chooses whether its code is enough. */
export function AuthenticatorCard({ besidePassword }: { readonly besidePassword?: BesidePassword }) {
  const text = strings.authenticator;
  const { answer, trouble, set, reload } = useAnswer(fetchAuthenticator);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Trouble | null>(null);
  const [removed, setRemoved] = useState(false);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setRefused(null);
    setRemoved(false);
    try {
      await work();
    } catch (error) {
      setRefused(codeTroubleOf(error));
    } finally {
      setBusy(false);
    }
  };

  const part = { busy, attempt, onAnswer: set, onProblem: setRefused, besidePassword };
  return (
    <section className="card profile-card" aria-labelledby="authenticator-title" data-testid="authenticator">
      <h2 id="authenticator-title">{text.title}</h2>
      <Problem trouble={refused ?? trouble} />
      <p role="status">{removed ? text.removed : answer === null && trouble === null ? text.loading : null}</p>
      {answer === null ? null : answer.enrolled ? (
        <Enrolled
          {...part}
          app={answer}
          onRemoved={() => {
            setRemoved(true);
          }}
        />
      ) : (
        <NotEnrolled {...part} onOutdated={reload} />
      )}
    </section>
  );
}

interface PartProps {
  readonly busy: boolean;
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  readonly onAnswer: (app: Authenticator) => void;
  readonly onProblem: (trouble: Trouble | null) => void;
  readonly besidePassword: BesidePassword | undefined;
}

function Enrolled({ busy, attempt, onAnswer, onProblem, besidePassword, app, onRemoved }: PartProps & { readonly app: Authenticator; readonly onRemoved: () => void }) {
  const text = strings.authenticator;
  const remove = (code: string): Promise<void> =>
    attempt(async () => {
      onAnswer(await removeAuthenticator(code));
      onRemoved();
    });
  return (
    <>
      <p data-testid="authenticator-state" data-second-factor={app.second_factor}>
        {app.since ? text.since(formatDayOf(app.since)) : null} {besidePassword?.asked ?? (app.second_factor ? text.both : text.either)}
      </p>
      <RemoveForm busy={busy} onProblem={onProblem} onRemove={remove} />
    </>
  );
}

function NotEnrolled({ busy, attempt, onAnswer, onProblem, besidePassword, onOutdated }: PartProps & { readonly onOutdated: () => void }) {
  const text = strings.authenticator;
  const [begun, setBegun] = useState<AuthenticatorBegun | null>(null);
  const begin = async (): Promise<void> => {
    try {
      setBegun(await beginAuthenticator());
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      if (status !== 403 && status !== 409) {
        throw error;
      }

      onProblem(status === 403 ? strings.authenticator.loginFirst : strings.authenticator.already);
      onOutdated();
    }
  };

  return begun === null ? (
    <>
      <p>{besidePassword?.why ?? text.why}</p>
      <button type="button" disabled={busy} data-testid="authenticator-begin" onClick={() => void attempt(begin)}>
        {text.begin}
      </button>
    </>
  ) : (
    <EnrolForm
      begun={begun}
      busy={busy}
      chooses={besidePassword === undefined}
      onProblem={onProblem}
      onConfirm={(code, secondFactor) =>
        attempt(async () => {
          onAnswer(await confirmAuthenticator(code, secondFactor));
        })
      }
      onCancel={() => {
        setBegun(null);
        onProblem(null);
      }}
    />
  );
}
