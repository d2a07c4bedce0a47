import * as l10n from '@vscode/l10n';
import type { EndpointAnswer, Verdict } from '../channels/channel.ts';
import type { CanonicalRequest } from '../channels/request.ts';
import { messageOf } from '../failure/messageOf.ts';
import type { TryResult } from './afterTry.ts';
import type { HttpClient } from './httpClient.ts';

/** The key for a target. */
export interface TargetKey {
  /** The address that the key is for. */
  readonly url: string;
  /** The headers that go to the socket, the key among them. Throws when the request is for another target. */
  readonly authorize: (request: CanonicalRequest) => CanonicalRequest['headers'];
  /** Hides the key in words of the endpoint that repeat it. */
  readonly mask: (text: string) => string;
}

export interface TryPorts {
  /** The client of the moment; another one after the proxy settings changed. */
  client(): Pick<HttpClient, 'send'>;
  /** The channel's reading of an answer. */
  verdict(answer: EndpointAnswer, now: number): Verdict;
  /** Until when the endpoint wants no more, whatever it answered (ms since 1970); null when it does not say. */
  holdUntil(answer: EndpointAnswer, now: number): number | null;
  /** ms since 1970. */
  now(): number;
}

/** What came of sending a request once: for its row, and for the others of its target. */
export interface Tried {
  readonly result: TryResult;
  /** `fails`: it gave no answer or wants the row later; `unknown`: nothing was learned of it. */
  readonly target: { readonly kind: 'works' | 'unknown' } | { readonly kind: 'fails'; readonly words: string };
  /** The endpoint wants no more before this time (ms since 1970). */
  readonly hold: { readonly until: number; readonly reason: string } | null;
}

/** An answer whose words may be shown and kept: headers are quoted too. */
function masked(answer: EndpointAnswer, key: TargetKey): EndpointAnswer {
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, key.mask(value)]);
  return { ...answer, headers: Object.fromEntries(headers), body: key.mask(answer.body) };
}

/** Sends a request once. Never rejects for what the endpoint or the network does. */
export async function tryOnce(
  request: CanonicalRequest,
  key: TargetKey,
  ports: TryPorts,
  signal: AbortSignal,
): Promise<Tried> {
  const { client, verdict, holdUntil, now } = ports;
  let headers: CanonicalRequest['headers'];
  try {
    headers = key.authorize(request);
  } catch (error) {
    return { result: { kind: 'impossible', words: messageOf(error) }, target: { kind: 'unknown' }, hold: null };
  }
  const sent = await client().send({ ...request, headers }, signal);
  switch (sent.outcome) {
    case 'aborted': {
      const { mayHaveArrived } = sent;
      return { result: { kind: 'stopped', mayHaveArrived }, target: { kind: 'unknown' }, hold: null };
    }
    case 'no-answer': {
      const { words, mayHaveArrived } = sent;
      return { result: { kind: 'no-answer', words, mayHaveArrived }, target: { kind: 'fails', words }, hold: null };
    }
    case 'answered': {
      const answer = masked(sent.answer, key);
      const meaning = verdict(answer, now());
      const later = meaning.kind === 'later' ? meaning : null;
      const until = Math.max(holdUntil(answer, now()) ?? 0, later?.notBefore ?? 0);
      return {
        result: { kind: 'answered', status: answer.status, verdict: meaning },
        target: later === null ? { kind: 'works' } : { kind: 'fails', words: later.reason },
        hold: until > now() ? { until, reason: later?.reason ?? l10n.t('The endpoint asked for a pause.') } : null,
      };
    }
  }
}
