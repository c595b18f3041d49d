import type { Later } from "@/shared/ui/use-later";
import { strings } from "@/shared/strings";

/** Stands where a part of the page will be that is not here yet, or could not be fetched. */
export function NotLoaded({ failed, retry }: Omit<Later<object>, "loaded">) {
  return failed ? (
    <div className="problem stack" role="alert">
      <p>{strings.errors.partMissing}</p>
      <button type="button" onClick={retry}>
        {strings.exit.retry}
      </button>
    </div>
  ) : (
    <p className="hint" role="status">
      {strings.errors.partLoading}
    </p>
  );
}
