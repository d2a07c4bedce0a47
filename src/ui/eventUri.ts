import { Uri } from 'vscode';
import { deliveryId } from '../delivery/delivery.ts';
import type { EventSource } from '../engine/api.ts';
import { failureId } from '../failure/ids.ts';
import { DOCUMENT_SCHEME } from './ids.ts';
import type { NamedEvent } from './namedEvent.ts';
import { shortTitle } from './sent/rows.ts';
import { clock } from './time.ts';

/** The folder of these addresses: package.json gives what is in it a language of its own, in which no text is a link. */
const FOLDER = 'firedrill';

const SORTED = 'sorted';

/**
 * The address of an event as a document: `firedrill:/firedrill/inbox/12/discrepancies 19.12.30` is what it is, which
 * one, and a name for the tab. With the query `sorted` its keys are sorted, for comparing.
 */
export function eventUri({ source, title, at }: NamedEvent, order: 'as sent' | 'sorted'): Uri {
  const name = shortTitle(title)
    .replace(/[^\p{L}\p{N}_. -]+/gu, '_')
    .slice(0, 60);
  return Uri.from({
    scheme: DOCUMENT_SCHEME,
    path: `/${FOLDER}/${source.kind}/${encodeURIComponent(source.id)}/${name} ${clock(at).replaceAll(':', '.')}`,
    query: order === 'sorted' ? SORTED : '',
  });
}

/** Reads an address back. Throws an Error for the user when it names no event. */
export function eventOfUri(uri: Uri): { readonly source: EventSource; readonly order: 'as sent' | 'sorted' } {
  const [, , kind, id = ''] = uri.path.split('/');
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
