import type { PreviewSubject } from '../protocol.ts';
import { type Drafts, readDrafts } from './edit/keptDrafts.ts';

/** What is kept while the preview is hidden, and over a reload of the window. */
export interface Kept {
  /** What was shown; the extension reads it when the window is loaded again. */
  readonly subject: PreviewSubject | null;
  /** Event, JSON, Request. */
  readonly tab: number;
  /** Long lines of a text are wrapped. */
  readonly wrap: boolean;
  /** What was typed into forms and could not be read. */
  readonly drafts: Drafts;
}

/** Reads what was kept; anything that does not fit is left out, as an older version may have kept something else. */
export const readKept = (value: unknown): Omit<Kept, 'subject'> => {
  const known: { tab?: unknown; wrap?: unknown; drafts?: unknown } =
    typeof value === 'object' && value !== null ? value : {};
  return {
    tab: known.tab === 1 || known.tab === 2 ? known.tab : 0,
    wrap: known.wrap !== false,
    drafts: readDrafts(known.drafts),
  };
};
