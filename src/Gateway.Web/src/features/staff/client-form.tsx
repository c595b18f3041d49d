import { useState, type SyntheticEvent } from "react";
import { useNavigate } from "react-router";
import { ApiError } from "@/shared/api/http";
import { openAccount } from "@/shared/api/session";
import { findClient } from "@/shared/api/staff-requests";
import { toClientName } from "@/shared/client-name";
import { useStaffTexts } from "@/shared/strings-staff";
import { Problem, troubleOf, type Trouble } from "@/shared/ui/problem";
import { TextField } from "@/shared/ui/text-field";

/** As the server takes it (X-Evidence). */
const reference = /^[ -~]{1,80}$/;

/** Opens the account of a client who has called or written: never without saying where that is recorded. */
export function ClientForm() {
  const text = useStaffTexts();
  const navigate = useNavigate();
  const [client, setClient] = useState("");
  const [evidence, setEvidence] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  const open = async (recorded: string): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      const { user_id: id, user_name: name } = await findClient(client);
      openAccount({ id, name, evidence: recorded });
      void navigate("/positions");
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      setTrouble(status === 404 ? text.noClient(client) : status === 403 ? text.appFirst : troubleOf(error));
      setBusy(false);
    }
  };

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const recorded = evidence.trim();
    if (client === "") {
      setTrouble(text.clientEmpty);
    } else if (!reference.test(recorded)) {
      setTrouble(text.evidenceWrong);
    } else {
      void open(recorded);
    }
  };

  return (
    <section className="card login" aria-labelledby="client-title">
      <h1 id="client-title">{text.open}</h1>
      <p className="lead">{text.openLead}</p>
      <Problem trouble={trouble} />
      <form onSubmit={submit} noValidate>
        <TextField
          id="staff-client"
          label={text.client}
          value={client}
          onChange={(typed) => {
            setClient(toClientName(typed));
          }}
          maxLength={10}
          autoComplete="off"
          autoCapitalize="characters"
          autoFocus
        />
        <TextField id="staff-evidence" label={text.evidence} hint={text.evidenceHint} value={evidence} onChange={setEvidence} maxLength={80} autoComplete="off" />
        <button type="submit" className="primary wide" data-testid="staff-open" disabled={busy}>
          {busy ? text.opening : text.openIt}
        </button>
      </form>
    </section>
  );
}
