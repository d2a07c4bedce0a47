import * as v from 'valibot';
import { DEFAULTS } from '../defaults.ts';
import type { DsnFingerprint, EngineSettings } from '../engine/api.ts';
import type { SettingName } from './ids.ts';
import type { L10n } from './l10n.ts';
import { maskSecrets } from './mask.ts';
import { shorten } from './text.ts';

/** What the user set, whatever it is: VS Code does not keep to the schema of package.json. */
export type RawSettings = Readonly<Partial<Record<SettingName, unknown>>>;

/** Ranges as package.json declares them; a test compares them. */
export const RANGES = {
  tickInterval: { minimum: 5, maximum: 3600, default: DEFAULTS.tickInterval },
  peekInterval: { minimum: 50, maximum: 60_000, default: DEFAULTS.peekInterval },
  inboxPort: { minimum: 1, maximum: 65_535, default: DEFAULTS.inboxPort },
} as const;
/** What Sentry takes as an environment, or nothing; package.json has the same. */
export const ENVIRONMENT = /^(?!\s*(\.{1,2}|[Nn][Oo][Nn][Ee])\s*$)[^/\r\n\t\f]*$/;
/** In bytes, for Sentry; package.json can only count characters. */
const MAX_ENVIRONMENT = 64;

/** VS Code's own proxy settings, as far as the engine needs them. */
export interface ProxySettings {
  readonly url: unknown;
  readonly strictSsl: unknown;
  readonly noProxy: unknown;
  readonly support: unknown;
}

/** What comes from elsewhere than the settings. */
export interface SettingsContext {
  readonly workspaceFolders: readonly string[];
  readonly confirmedHomes: readonly string[];
  readonly approvedDsns: readonly DsnFingerprint[];
  /** The user answered the question that turning on automatic delivery asks. */
  readonly automaticConfirmed: boolean;
  readonly proxy: ProxySettings;
}

const text = v.pipe(v.string(), v.trim());
const texts = v.array(v.string());

/** The settings as the engine takes them, and a sentence for each value that could not be taken as it stands. */
export function engineSettings(
  raw: RawSettings,
  context: SettingsContext,
  l10n: L10n,
): {
  readonly settings: EngineSettings;
  /** What only the interface needs: whether new failures are announced. */
  readonly notifyFailures: boolean;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const read = <T>(name: SettingName, schema: v.GenericSchema<unknown, T>, fallback: T): T => {
    const result = v.safeParse(schema, raw[name]);
    if (result.success) return result.output;
    if (raw[name] !== undefined && raw[name] !== null) {
      warnings.push(
        mayHoldPassword(raw[name])
          ? l10n.t(
              'firedrill.{0} has a value that does not fit; it may hold a password and is not shown. Using {1}.',
              name,
              show(fallback),
            )
          : l10n.t(
              'firedrill.{0} has a value that does not fit ({1}). Using {2}.',
              name,
              show(raw[name]),
              show(fallback),
            ),
      );
    }
    return fallback;
  };
  const number = (name: keyof typeof RANGES): number => {
    const range = RANGES[name];
    const value = read(name, v.pipe(v.number(), v.finite()), range.default);
    const kept = Math.round(Math.min(range.maximum, Math.max(range.minimum, value)));
    if (kept !== value) {
      warnings.push(
        l10n.t(
          'firedrill.{0} must be between {1} and {2}. Using {3} instead of {4}.',
          name,
          range.minimum,
          range.maximum,
          kept,
          value,
        ),
      );
    }
    return kept;
  };
  const pattern = read('oemPattern', v.pipe(text, v.check(isPattern)), DEFAULTS.oemPattern);
  const settings: EngineSettings = {
    dagsterHome: orNull(read('dagsterHome', text, '')),
    webserverUrl: read('webserverUrl', v.pipe(text, v.check(isHttpUrl)), DEFAULTS.webserverUrl).replace(/\/+$/, ''),
    workspaceFolders: context.workspaceFolders,
    confirmedHomes: context.confirmedHomes,
    deliveryMode:
      read('delivery', v.picklist(['hold', 'automatic']), 'hold') === 'automatic' && context.automaticConfirmed
        ? 'automatic'
        : 'hold',
    skipRetried: read('skipRetried', v.boolean(), false),
    environment: orNull(read('environment', v.pipe(text, v.check(isEnvironment)), '')),
    oemPattern: pattern,
    tickInterval: number('tickInterval'),
    peekInterval: number('peekInterval'),
    inboxPort: number('inboxPort'),
    approvedDsns: context.approvedDsns,
    proxy: proxy(context.proxy),
  };
  return { settings, notifyFailures: read('notifyFailures', v.boolean(), false), warnings };
}

const orNull = (value: string): string | null => (value === '' ? null : value);

const show = (value: unknown): string => shorten(maskSecrets(JSON.stringify(value) ?? String(value)), 100);

/**
 * Before an `@` there may be a password, in whatever half of an address somebody typed; such a value is never repeated.
 */
const mayHoldPassword = (value: unknown): boolean => (JSON.stringify(value) ?? '').includes('@');

/** An http or https address without credentials: those belong into no settings file. */
export function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}

const isEnvironment = (value: string): boolean =>
  ENVIRONMENT.test(value) && Buffer.byteLength(value) <= MAX_ENVIRONMENT;

/** A regular expression with at least one group, read with the same flag as the engine reads it; a test compares. */
export function isPattern(value: string): boolean {
  try {
    new RegExp(value, 'u'); // alone too: what follows below could complete a backslash at its end
    // Matching nothing against "pattern or nothing" succeeds always and tells how many groups there are.
    return (new RegExp(`${value}|`, 'u').exec('')?.length ?? 0) > 1;
  } catch {
    return false; // the caller names the value
  }
}

/** `http.proxy` and its siblings; `http.proxySupport: off` means that no proxy is used. */
function proxy(raw: ProxySettings): EngineSettings['proxy'] {
  const url = v.safeParse(text, raw.url);
  const off = raw.support === 'off';
  return {
    url: off || !url.success ? null : orNull(url.output),
    strictSsl: raw.strictSsl !== false,
    noProxy: v.is(texts, raw.noProxy) ? raw.noProxy : [],
  };
}
