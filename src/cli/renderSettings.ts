import { parseOemPattern } from '../channels/sentry/oem.ts';
import { DEFAULT_TEST_ENVIRONMENT, environmentProblem, type RenderSettings } from '../channels/sentry/settings.ts';
import { DEFAULTS } from '../defaults.ts';
import { UsageError } from './errors.ts';
import { VERSION } from './version.ts';

/** Rendering's settings from the command line's options; what cannot be used is wrong usage. */
export function cliRenderSettings(
  environment: string | null,
  oemPattern: string = DEFAULTS.oemPattern,
): RenderSettings {
  const pattern = parseOemPattern(oemPattern);
  if (pattern.outcome === 'malformed') throw new UsageError(`--oem-pattern: ${pattern.message}`);
  const problem = environment === null ? null : environmentProblem(environment);
  if (problem !== null) throw new UsageError(`--environment: ${problem}`);
  return { version: VERSION, oemPattern: pattern.pattern, environment, testEnvironment: DEFAULT_TEST_ENVIRONMENT };
}
