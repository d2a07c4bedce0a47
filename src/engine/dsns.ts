import { type Dsn, envelopeUrl, parseDsn } from '../channels/sentry/dsn.ts';
import { sentryApiOf } from '../channels/sentry/sentryApi.ts';
import type { DsnFingerprint } from '../failure/ids.ts';
import { messageOf } from '../failure/messageOf.ts';
import type { DsnStatus, SentryTarget } from './api.ts';
import { type DsnPlaces, findDsn } from './dsnSources.ts';

/** ms that a lookup is believed: a page of failures reads each .env once, an edit is seen with the next one. */
const BELIEVED = 1_000;

export type DsnLookup =
  | { readonly state: 'found'; readonly dsn: Dsn; readonly source: string }
  | { readonly state: 'malformed'; readonly source: string; readonly message: string }
  | { readonly state: 'none' };

export interface DsnsPorts {
  places(): DsnPlaces;
  /** Every code location that is known, and null for the workspace's own DSN. */
  knownLocations(): Promise<readonly (string | null)[]>;
  isApproved(dsn: DsnFingerprint): boolean;
}

/** Which DSN a code location has. The only holder of DSNs in the engine; they stay in memory. */
export class Dsns {
  readonly #ports: DsnsPorts;
  readonly #lookups = new Map<string | null, { readonly at: number; readonly lookup: Promise<DsnLookup> }>();

  constructor(ports: DsnsPorts) {
    this.#ports = ports;
  }

  of(codeLocation: string | null): Promise<DsnLookup> {
    const known = this.#lookups.get(codeLocation);
    if (known && Date.now() - known.at < BELIEVED) return known.lookup;
    const lookup = this.#look(codeLocation);
    this.#lookups.set(codeLocation, { at: Date.now(), lookup });
    return lookup;
  }

  /** The DSN with this fingerprint, where one of the known code locations has it now. */
  async byFingerprint(fingerprint: DsnFingerprint): Promise<Dsn | null> {
    for (const location of await this.#ports.knownLocations()) {
      const lookup = await this.of(location);
      if (lookup.state === 'found' && lookup.dsn.fingerprint === fingerprint) return lookup.dsn;
    }
    return null;
  }

  /** True when at least one code location has a DSN: else the specification's tick is skipped. */
  async any(): Promise<boolean> {
    const lookups = await Promise.all((await this.#ports.knownLocations()).map((location) => this.of(location)));
    return lookups.some((lookup) => lookup.state === 'found');
  }

  target(found: Extract<DsnLookup, { state: 'found' }>): SentryTarget {
    return {
      kind: 'sentry',
      dsn: found.dsn.fingerprint,
      host: new URL(envelopeUrl(found.dsn)).host,
      project: found.dsn.projectId,
      source: found.source,
      approved: this.#ports.isApproved(found.dsn.fingerprint),
      tokenHost: sentryApiOf(found.dsn)?.tokenHost ?? null,
    };
  }

  async status(codeLocation: string | null): Promise<DsnStatus> {
    const lookup = await this.of(codeLocation);
    return lookup.state === 'found' ? { state: 'found', target: this.target(lookup) } : lookup;
  }

  /** Forgets what was looked up, after a setting or a secret changed. */
  forget(): void {
    this.#lookups.clear();
  }

  async #look(codeLocation: string | null): Promise<DsnLookup> {
    let found: Awaited<ReturnType<typeof findDsn>>;
    try {
      found = await findDsn(codeLocation, this.#ports.places());
    } catch (error) {
      // A .env that cannot be read may hold the DSN that was meant: no other one is used instead.
      return { state: 'malformed', source: '.env', message: messageOf(error) };
    }
    if (found === null) return { state: 'none' };
    const parsed = parseDsn(found.text);
    return parsed.outcome === 'ok'
      ? { state: 'found', dsn: parsed.dsn, source: found.source }
      : { state: 'malformed', source: found.source, message: parsed.message };
  }
}
