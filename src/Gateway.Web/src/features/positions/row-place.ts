/** Where a row of many stands, and who wants to know its height. */
export interface RowPlace {
  readonly index: number;
  readonly measure: (row: HTMLTableRowElement | null) => void;
}

/** What a row's element says of its place: to who measures it, and to a screen reader, which counts the head as the first. */
export const placed = (index: number | undefined, measure: RowPlace["measure"] | undefined) =>
  index === undefined || measure === undefined ? {} : { ref: measure, "data-index": index, "aria-rowindex": index + 2 };
