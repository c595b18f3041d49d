import { useState } from "react";
import { choicesOf, isFiltered, wholeView, type PositionsView } from "./positions-view";
import type { Position } from "@/shared/portfolio/portfolio";
import { strings } from "@/shared/strings";

interface Props {
  readonly view: PositionsView;
  readonly positions: ReadonlyMap<string, Position>;
  readonly onView: (view: PositionsView) => void;
}

/** Which positions are shown, in which groups and order. */
export function ViewControls({ view, positions, onView }: Props) {
  const text = strings.view;
  const all = [...positions.values()];
  const [open, setOpen] = useState(false);
  const isChanged = isFiltered(view) || view.grouping !== wholeView.grouping || view.sorting !== wholeView.sorting;
  return (
    <>
      <button type="button" className="view-toggle" data-testid="view-toggle" aria-expanded={open} aria-controls="view" data-changed={isChanged} onClick={() => { setOpen(!open); }}>
        {isChanged ? text.toggleChanged : text.toggle}
      </button>
      <div id="view" className="view" data-open={open} role="group" aria-label={text.label}>
        <Choice name={text.segment} testId="view-segment" value={view.segment} options={withAll(choicesOf(all, "exchange"))} onChoose={(segment) => { onView({ ...view, segment }); }} />
        <Choice name={text.product} testId="view-product" value={view.product} options={withAll(choicesOf(all, "product"))} onChoose={(product) => { onView({ ...view, product }); }} />
        <Choice name={text.side} testId="view-side" value={view.side} options={[["", text.all], ["long", text.long], ["short", text.short]]} onChoose={(side) => { onView({ ...view, side }); }} />
        <Choice name={text.grouping} testId="view-grouping" value={view.grouping} options={[["none", text.groupings.none], ["underlying", text.groupings.underlying], ["expiry", text.groupings.expiry]]} onChoose={(grouping) => { onView({ ...view, grouping }); }} />
        <Choice name={text.sorting} testId="view-sorting" value={view.sorting} options={[["loss", text.sortings.loss], ["contract", text.sortings.contract]]} onChoose={(sorting) => { onView({ ...view, sorting }); }} />
        {isFiltered(view) ? (
          <button type="button" className="quiet" onClick={() => { onView({ ...view, segment: wholeView.segment, product: wholeView.product, side: wholeView.side }); }}>
            {text.clear}
          </button>
        ) : null}
      </div>
    </>
  );
}

const withAll = (values: readonly string[]): [string, string][] => [["", strings.view.all], ...values.map((value): [string, string] => [value, value])];

interface ChoiceProps<T extends string> {
  readonly name: string;
  readonly testId: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>({ name, testId, value, options, onChoose }: ChoiceProps<T>) {
  return (
    <label>
      <span>{name}</span>
      <select
        data-testid={testId}
        value={value}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.target.value);
          if (chosen !== undefined) {
            onChoose(chosen[0]);
          }
        }}
      >
        {options.map(([option, shown]) => (
          <option key={option} value={option}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}
