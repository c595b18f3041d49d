import { strings } from "@/shared/strings";

export function TicketHead({ title, onClose }: { readonly title: string; readonly onClose: () => void }) {
  return (
    <header className="ticket-head">
      <h2 id="exit-title">{title}</h2>
      <button type="button" className="quiet" data-testid="exit-close" onClick={onClose}>
        {strings.exit.close}
      </button>
    </header>
  );
}

export function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
