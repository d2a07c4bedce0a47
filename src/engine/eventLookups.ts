import * as l10n from '@vscode/l10n';
import type { Ask } from '../channels/sentry/apiAnswer.ts';
import { type Dsn, MASKED_KEY } from '../channels/sentry/dsn.ts';
import { EventLookup, sentryApiOf } from '../channels/sentry/sentryApi.ts';
import { SENDER } from '../channels/sentry/settings.ts';
import type { Lookup } from '../delivery/confirmer.ts';
import type { DeliveryTarget } from '../delivery/delivery.ts';
import type { HttpClient } from '../delivery/httpClient.ts';
import type { Targets } from './targets.ts';

export interface EventLookupsPorts {
  readonly targets: Pick<Targets, 'dsnFor'>;
  /** The client of the moment; another one after the proxy settings changed. */
  client(): HttpClient;
  /** The user's token for the API of a host; null without one. */
  authToken(host: string): Promise<string | null>;
}

/** Bytes of the API's answer that are read: an event with all its records. */
const ANSWER_BYTES = 1024 * 1024;

/** Who can be asked whether an event is in Sentry: the targets for which there is an auth token. */
export class EventLookups {
  readonly #ports: EventLookupsPorts;
  /** By DSN: what a lookup has learned is kept as long as the token is the same. */
  readonly #known = new Map<string, { readonly token: string; readonly lookup: Lookup }>();

  constructor(ports: EventLookupsPorts) {
    this.#ports = ports;
  }

  async of(target: DeliveryTarget): Promise<Lookup | null> {
    if (target.kind !== 'sentry') return null;
    const dsn = await this.#ports.targets.dsnFor(target);
    const api = dsn === null ? null : sentryApiOf(dsn);
    const token = api === null ? null : await this.#ports.authToken(api.tokenHost);
    if (dsn === null || api === null || token === null) return null;
    const known = this.#known.get(target.dsn);
    if (known?.token === token) return known.lookup;
    const lookup = new EventLookup(api, this.#ask(token, dsn));
    this.#known.set(target.dsn, { token, lookup });
    return lookup;
  }

  #ask(token: string, dsn: Dsn): Ask {
    const headers = [
      ['accept', 'application/json'],
      ['user-agent', SENDER],
      ['authorization', `Bearer ${token}`],
    ] as const;
    return async (url) => {
      const request = { method: 'GET', url, headers, body: new Uint8Array() } as const;
      const result = await this.#ports.client().send(request, undefined, ANSWER_BYTES);
      if (result.outcome === 'aborted') return { kind: 'no-answer', words: l10n.t('Firedrill stopped.') };
      if (result.outcome === 'no-answer') return { kind: 'no-answer', words: result.words };
      const { status, body, headers: answered } = result.answer;
      // A server may repeat either: it stands behind the same host that knows the key.
      const words = dsn.mask(body).replaceAll(token, MASKED_KEY);
      return { kind: 'answered', status, body: words, link: answered.link ?? null };
    };
  }
}
