import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import type { ViewRow } from "./positions-view";
import { rowKey, TableRow, type RowContext } from "./table-row";

/** Rows beyond the window's edges that are there already when a person scrolls. */
const overscan = 6;

/** Only the rows in sight, however many there are; what is above and below them is one empty row each. */
export function VirtualRows({ rows, context }: { readonly rows: readonly ViewRow[]; readonly context: RowContext }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [layout, setLayout] = useState({ top: 0, gap: 0, height: 66 });
  useLayoutEffect(() => {
    // What comes or goes above the rows changes the page's height, as a turned phone does.
    const watched = new ResizeObserver(() => {
      const found = layoutOf(body.current);
      setLayout((former) => (former.top === found.top && former.gap === found.gap ? former : found));
    });
    watched.observe(document.body);
    return () => {
      watched.disconnect();
    };
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => layout.height,
    overscan,
    gap: layout.gap,
    scrollMargin: layout.top,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  const above = first === undefined ? 0 : first.start - layout.top - layout.gap;
  const below = last === undefined ? virtualizer.getTotalSize() : virtualizer.getTotalSize() - (last.end - layout.top) - layout.gap;
  return (
    <tbody ref={body} role="rowgroup">
      <Spacer height={above} columns={context.columns} />
      {items.map(({ key, index }) => {
        const row = rows[index];
        return row === undefined ? null : <TableRow key={String(key)} row={row} context={context} place={{ index, measure: virtualizer.measureElement }} />;
      })}
      <Spacer height={below} columns={context.columns} />
    </tbody>
  );
}

function Spacer({ height, columns }: { readonly height: number; readonly columns: number }) {
  return height <= 0 ? null : (
    <tr className="spacer" aria-hidden="true">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

/** Cards on a phone have a gap between them and are higher than the lines of a table. */
function layoutOf(body: HTMLTableSectionElement | null): { readonly top: number; readonly gap: number; readonly height: number } {
  if (body === null) {
    return { top: 0, gap: 0, height: 66 };
  }

  const style = getComputedStyle(body);
  const isCards = style.display === "grid";
  return {
    top: Math.round(body.getBoundingClientRect().top + scrollY),
    gap: isCards ? Number.parseFloat(style.rowGap) || 0 : 0,
    height: isCards ? 260 : 66,
  };
}
