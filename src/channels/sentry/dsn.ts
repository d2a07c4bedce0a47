import { createHash } from 'node:crypto';
import { makeDsn } from '@sentry/core';
import * as l10n from '@vscode/l10n';
import { type DsnFingerprint, dsnFingerprint } from '../../failure/ids.ts';
import { dsnProblem } from './dsnProblem.ts';

/** Stands for a key, the same for every key: no prefix, no length. */
export const MASKED_KEY = '••••••••';

interface DsnParts {
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly projectId: string;
}

/**
 * A Sentry DSN whose key cannot be read: it is in a private field, so that JSON, console and inspect show the rest
 * only, and leaves it in one place, `authHeader`. The secret part of an old `key:secret@` DSN is not kept at all;
 * Sentry has not asked for it since 2016.
 */
export class Dsn {
  readonly protocol: string;
  /** Host without port; an IPv6 address in brackets. */
  readonly host: string;
  /** Empty where the DSN names none. */
  readonly port: string;
  /** Path before the project, without slashes at its ends; mostly empty. */
  readonly path: string;
  readonly projectId: string;
  /** Names this DSN in state: SHA-256 over protocol, host, port, path, project and key. */
  readonly fingerprint: DsnFingerprint;
  readonly #key: string;

  constructor(parts: DsnParts, key: string) {
    this.protocol = parts.protocol;
    this.host = parts.host;
    this.port = parts.port;
    this.path = parts.path;
    this.projectId = parts.projectId;
    this.#key = key;
    const identity = JSON.stringify([parts.protocol, parts.host, parts.port, parts.path, parts.projectId, key]);
    this.fingerprint = dsnFingerprint(createHash('sha256').update(identity).digest('hex'));
  }

  /** The value of the X-Sentry-Auth header; `client` is the sender's name and version, e.g. `firedrill/0.1.0`. */
  authHeader(client: string): string {
    return authHeader(client, this.#key);
  }

  /** Hides the key in a text that comes from outside, such as an answer that repeats the request. */
  mask(text: string): string {
    // A shorter key is no key of Sentry's, and replacing one letter everywhere would spoil the text.
    return this.#key.length < 8 ? text : text.replaceAll(this.#key, MASKED_KEY);
  }
}

/** The value of the X-Sentry-Auth header; for people with {@link MASKED_KEY} as `key`. */
export const authHeader = (client: string, key: string): string =>
  `Sentry sentry_version=7, sentry_client=${client}, sentry_key=${key}`;

export type ParsedDsn =
  | { readonly outcome: 'ok'; readonly dsn: Dsn }
  /** `message` says what is wrong and what to do, and repeats nothing of the text, so no key can leak through it. */
  | { readonly outcome: 'malformed'; readonly message: string };

/** Parses a DSN with Sentry's own parser, after a check that says what is wrong. Logs nothing. */
export function parseDsn(text: string): ParsedDsn {
  const problem = dsnProblem(text);
  if (problem !== null) return { outcome: 'malformed', message: problem };
  // `makeDsn` writes a text that it cannot parse, key included, to the console: only checked ones may reach it.
  const parts = makeDsn(text);
  const key = parts?.publicKey;
  if (parts === undefined || key === undefined) {
    return {
      outcome: 'malformed',
      message: l10n.t('The DSN cannot be parsed. Copy it again from Sentry: Settings, Client Keys (DSN).'),
    };
  }
  const { protocol, host, port = '', path = '', projectId } = parts;
  return { outcome: 'ok', dsn: new Dsn({ protocol, host, port, path, projectId }, key) };
}

/** Where envelopes for this DSN go, without the key, in the URL standard's form. */
export function envelopeUrl(dsn: Dsn): string {
  const authority = dsn.port === '' ? dsn.host : `${dsn.host}:${dsn.port}`;
  const path = dsn.path === '' ? '' : `${dsn.path}/`;
  return new URL(`${dsn.protocol}://${authority}/${path}api/${dsn.projectId}/envelope/`).href;
}

/** For people: project and host, never the key. */
export function describeDsn(dsn: Dsn): string {
  return `Sentry project ${dsn.projectId} on ${new URL(envelopeUrl(dsn)).host}`;
}
