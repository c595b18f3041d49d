import { strings } from "@/shared/strings";

interface Props {
  /** The server's name for what it says. */
  readonly name: string;
  readonly message: string;
  readonly of: "warnings" | "refusals";
}

/** What the server says: in the language of now where its name is known there, with the server's own words beside it, which may hold numbers. */
export function ServerText({ name, message, of }: Props) {
  const translated = strings.server[of][name];
  return translated === undefined ? (
    <span lang="en">{message}</span>
  ) : (
    <>
      {translated}{" "}
      <small className="hint" lang="en">
        {message}
      </small>
    </>
  );
}
