import { openAccount, type OpenAccount } from "@/shared/api/session";
import { useStaffTexts } from "@/shared/strings-staff";

/** Whose account this is, on whose word: on top of everything, in a colour that the trader's own page has not. */
export function ActingBar({ account }: { readonly account: OpenAccount }) {
  const text = useStaffTexts();
  return (
    <header className="bar acting" data-testid="acting-for">
      <p>
        {text.actingFor} <strong>{account.id}</strong> {account.name}
      </p>
      <p className="acting-evidence">
        {text.recordedAs} <span data-testid="acting-evidence">{account.evidence}</span>
      </p>
      <button
        type="button"
        className="quiet"
        data-testid="staff-close"
        onClick={() => {
          openAccount(null);
        }}
      >
        {text.close}
      </button>
    </header>
  );
}
