import { Uri } from 'vscode';
import { deliveryId } from '../delivery/delivery.ts';
import type { EventSource } from '../engine/api.ts';
import { failureId } from '../failure/ids.ts';
import { DOCUMENT_SCHEME } from './ids.ts';
import { shortTitle } from './sent/rows.ts';

/** An event that stands somewhere under a name. */
export interface NamedEvent {
  readonly source: EventSource;
  /** What Sentry calls it; for tabs and titles. */
  readonly title: string;
}

const SORTED = 'sorted';

/**
 * The address of an event as a document: `firedrill:/inbox/12/discrepancies.json` is what it is, which one, and a name
 * for the tab. With the query `sorted` its keys are sorted, for comparing.
 */
export function eventUri({ source, title }: NamedEvent, order: 'as sent' | 'sorted'): Uri {
  const name = shortTitle(title)
    .replace(/[^\p{L}\p{N}_. -]+/gu, '_')
    .slice(0, 60);
  return Uri.from({
    scheme: DOCUMENT_SCHEME,
    path: `/${source.kind}/${encodeURIComponent(source.id)}/${name}.json`,
    query: order === 'sorted' ? SORTED : '',
  });
}

/** Reads an address back. Throws an Error for the user when it names no event. */
export function eventOfUri(uri: Uri): { readonly source: EventSource; readonly order: 'as sent' | 'sorted' } {
  const [, kind, id = ''] = uri.path.split('/');
  const order = uri.query === SORTED ? 'sorted' : 'as sent';
  switch (kind) {
    case 'failure':
      return { source: { kind, id: failureId(decodeURIComponent(id)) }, order };
    case 'delivery':
      return { source: { kind, id: deliveryId(Number(id)) }, order };
    case 'inbox':
      return { source: { kind, id: Number(id) }, order };
    default:
      throw new Error(`${uri.toString(true)} names no event of Firedrill.`);
  }
}
