/** Line ends that JSON may hold as they are, but that readers of lines (Python's, Node's) break at. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** A value as one line of JSON that every reader takes as one line. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(LINE_ENDS, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
