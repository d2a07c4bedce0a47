import * as l10n from '@vscode/l10n';
/** What rendering depends on besides the failure. */
export interface RenderSettings {
  /** Firedrill's own version, which names the sender. */
  readonly version: string;
  /** See `parseOemPattern`. */
  readonly oemPattern: RegExp;
  /** Sentry's environment of a recorded failure; null leaves it out. */
  readonly environment: string | null;
  /** Sentry's environment of a test failure, so that a drill is never taken for the real thing. */
  readonly testEnvironment: string;
}

export const DEFAULT_TEST_ENVIRONMENT = 'firedrill-test';
/** The sender's name as Sentry shows it (`sdk.name`) and in the user agent. */
export const SENDER = 'firedrill';

/** Says why Sentry would drop an environment name, or null (sentry-release-parser, `validate_environment`). */
export function environmentProblem(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return l10n.t('An environment name must not be empty.');
  if (Buffer.byteLength(trimmed) > 64) return l10n.t('An environment name has at most 64 bytes.');
  if (trimmed === '.' || trimmed === '..' || trimmed.toLowerCase() === 'none')
    return l10n.t('Sentry does not take "{0}" as an environment.', trimmed);
  if (/[/\r\n\t\f]/.test(trimmed)) return l10n.t('An environment name has no slash, tab or line break.');
  return null;
}
