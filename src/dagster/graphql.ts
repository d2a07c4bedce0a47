import * as l10n from '@vscode/l10n';
import axios, { AxiosError } from 'axios';
import * as v from 'valibot';
import { jsonOrUndefined } from '../failure/json.ts';
import { messageOf } from '../failure/messageOf.ts';

/** What came of asking a webserver. `message` is a sentence for people. */
export type Answer<T> =
  | { readonly outcome: 'answered'; readonly value: T }
  /** Nothing listens there, or the connection broke. */
  | { readonly outcome: 'down'; readonly message: string }
  /** It did not answer in time. */
  | { readonly outcome: 'timeout'; readonly message: string }
  /** Something answers that is no Dagster webserver, or no GraphQL endpoint of it. */
  | { readonly outcome: 'not-dagster'; readonly message: string }
  /** A Dagster webserver that could not carry out the query. */
  | { readonly outcome: 'failed'; readonly message: string }
  /** The caller's signal was aborted. */
  | { readonly outcome: 'cancelled'; readonly message: string };

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** ms from the first connect to the last byte. */
  readonly timeout: number;
}

/** Bytes of an answer beyond which it is no answer to these queries. */
const MAX_ANSWER = 64 * 2 ** 20;

const Envelope = v.object({
  data: v.optional(v.nullable(v.unknown())),
  errors: v.optional(v.array(v.object({ message: v.string() }))),
});

/** Sends one GraphQL query to a Dagster webserver and validates its data. Never throws. */
export async function askGraphql<const S extends v.GenericSchema>(
  webserverUrl: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  schema: S,
  options: AskOptions,
): Promise<Answer<v.InferOutput<S>>> {
  const timeout = AbortSignal.timeout(options.timeout);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  let response: { readonly status: number; readonly data: unknown };
  try {
    response = await axios.post(
      `${baseUrl(webserverUrl)}/graphql`,
      { query, variables },
      {
        signal,
        responseType: 'text',
        transformResponse: (body: unknown) => body, // axios would swallow broken JSON
        validateStatus: () => true,
        maxContentLength: MAX_ANSWER,
        maxRedirects: 2,
        proxy: false, // it runs on this machine
      },
    );
  } catch (error) {
    if (options.signal?.aborted) return { outcome: 'cancelled', message: l10n.t('Cancelled.') };
    if (timeout.aborted) {
      return {
        outcome: 'timeout',
        message: l10n.t('{0} does not answer within {1} s.', webserverUrl, options.timeout / 1000),
      };
    }
    return noAnswer(webserverUrl, error);
  }
  return readAnswer(webserverUrl, response, schema);
}

function readAnswer<const S extends v.GenericSchema>(
  webserverUrl: string,
  { status, data }: { readonly status: number; readonly data: unknown },
  schema: S,
): Answer<v.InferOutput<S>> {
  const envelope = v.safeParse(Envelope, typeof data === 'string' ? jsonOrUndefined(data) : undefined);
  if (!envelope.success || (envelope.output.data === undefined && !envelope.output.errors)) {
    const message = l10n.t(
      '{0} answers, but is no Dagster webserver (status {1}, {2}).',
      webserverUrl,
      status,
      kindOf(data),
    );
    return { outcome: 'not-dagster', message };
  }
  const [error] = envelope.output.errors ?? [];
  if (error) {
    const isOtherSchema = /^Cannot query field/.test(error.message);
    const message = l10n.t('The Dagster webserver at {0} says: {1}', webserverUrl, error.message.slice(0, 300));
    return isOtherSchema && status !== 200 && envelope.output.data == null
      ? {
          outcome: 'not-dagster',
          message: l10n.t("{0} speaks GraphQL, but not Dagster's: {1}", webserverUrl, error.message.slice(0, 300)),
        }
      : { outcome: 'failed', message };
  }
  const value = v.safeParse(schema, envelope.output.data, { abortEarly: true });
  if (value.success) return { outcome: 'answered', value: value.output };
  const field = v.getDotPath(value.issues[0]) ?? 'data';
  const message = l10n.t('{0} answers in a form that Firedrill does not know (field {1}).', webserverUrl, field);
  return { outcome: 'not-dagster', message };
}

function noAnswer(webserverUrl: string, error: unknown): Answer<never> {
  const code = error instanceof AxiosError ? error.code : undefined;
  if (code === 'ECONNREFUSED') return { outcome: 'down', message: l10n.t('Nothing listens at {0}.', webserverUrl) };
  const isOther = code?.startsWith('HPE_') || code === 'ERR_BAD_RESPONSE' || code === 'ERR_FR_TOO_MANY_REDIRECTS';
  const said = messageOf(error);
  return isOther
    ? { outcome: 'not-dagster', message: l10n.t('{0} answers, but is no Dagster webserver ({1}).', webserverUrl, said) }
    : { outcome: 'down', message: l10n.t('{0} cannot be reached ({1}).', webserverUrl, said) };
}

/** The address without a trailing slash; a path before it is kept (`dagster-webserver --path-prefix`). */
export const baseUrl = (webserverUrl: string): string => webserverUrl.replace(/\/+$/, '');

function kindOf(data: unknown): string {
  if (typeof data !== 'string' || data.trim() === '') return l10n.t('an empty answer');
  if (/^\s*</.test(data)) return l10n.t('an HTML page');
  return jsonOrUndefined(data) === undefined ? l10n.t('plain text') : l10n.t('other JSON');
}
