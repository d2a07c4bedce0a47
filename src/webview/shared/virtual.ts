/** The rows of a long table that are in sight, with a margin; pure. */
export interface RowWindow {
  /** First row to draw. */
  readonly first: number;
  /** One past the last row to draw. */
  readonly end: number;
  /** Height of what is left out above and below, in px. */
  readonly before: number;
  readonly after: number;
}

/** `height` is the scroller's, in px; a table of at most `whole` rows is drawn whole. */
export const rowWindow = (
  rows: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
  whole = 200,
): RowWindow => {
  if (rows <= whole) return { first: 0, end: rows, before: 0, after: 0 };
  const margin = 8;
  const first = Math.max(0, Math.min(rows, Math.floor(scrollTop / rowHeight)) - margin);
  const end = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + margin);
  return { first, end, before: first * rowHeight, after: (rows - end) * rowHeight };
};

/** The scroll position that brings a row into sight with the least movement; `header` px at the top are covered. */
export const scrollToRow = (
  row: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
  header: number,
): number => {
  const top = row * rowHeight;
  const visible = height - header;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + visible) return Math.max(0, top + rowHeight - visible);
  return scrollTop;
};
