import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { jsonOrUndefined } from '../../failure/json.ts';
import { endpointWords } from './endpointWords.ts';

/** One question to the API, answered or not. */
export type ApiAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      /** The header `Link`, which leads to the next page of a list; null where there is none. */
      readonly link: string | null;
    }
  | { readonly kind: 'no-answer'; readonly words: string };

/** Asks the API by GET, with the user's token. */
export type Ask = (url: string) => Promise<ApiAnswer>;

/** What the API says of an event that was accepted. */
export type Seen =
  /** `issueUrl` is null where the API does not say which issue it joined. */
  | { readonly kind: 'seen'; readonly issueUrl: string | null }
  /** Not there (yet): accepted events are worked on in the background, and some are dropped there. */
  | { readonly kind: 'not-there' }
  /** Nothing was learned; asking later may help. */
  | { readonly kind: 'later'; readonly words: string }
  /** Asking again would be answered the same. */
  | { readonly kind: 'impossible'; readonly words: string };

/**
 * Where the next page of a list begins (docs.sentry.io/api/pagination): `<url>; rel="next"; results="true";
 * cursor="0:100:0"`. Only the cursor is taken: the token goes to no address that an answer names. null on the last page.
 */
export function nextCursor(answer: ApiAnswer): string | null {
  const links = answer.kind === 'answered' ? (answer.link ?? '') : '';
  for (const [, parameters = ''] of links.matchAll(/<[^>]*>((?:;\s*\w+="[^"]*"\s*)*)/g)) {
    const named = new Map([...parameters.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    if (named.get('rel') === 'next' && named.get('results') === 'true') return named.get('cursor') || null;
  }
  return null;
}

/** What an answer other than 200 and 404 means; null for a 200. */
export function notFound(answer: ApiAnswer): Seen | null {
  if (answer.kind === 'no-answer') return { kind: 'later', words: answer.words };
  const { status, body } = answer;
  if (status === 200) return null;
  const said = endpointWords({ status, headers: {}, body });
  const withSaid = (words: string): string => (said === null ? words : l10n.t('{0} It says: {1}', words, said));
  if (status === 401) return { kind: 'impossible', words: withSaid(l10n.t('The auth token is not valid (401).')) };
  if (status === 403)
    return { kind: 'impossible', words: withSaid(l10n.t('The auth token needs the scope project:read (403).')) };
  return { kind: 'later', words: withSaid(l10n.t('The API answered with {0}.', status)) };
}

export function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  answer: ApiAnswer,
): v.InferOutput<Schema> | null {
  if (answer.kind !== 'answered' || answer.status !== 200) return null;
  const result = v.safeParse(schema, jsonOrUndefined(answer.body));
  return result.success ? result.output : null;
}
