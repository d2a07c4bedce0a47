import { parseOemPattern } from '../channels/sentry/oem.ts';
import { DEFAULT_TEST_ENVIRONMENT, environmentProblem, type RenderSettings } from '../channels/sentry/settings.ts';
import { DEFAULTS } from '../defaults.ts';
import type { EngineSettings } from './api.ts';

/** Rendering's settings from the user's; what cannot be used is told and left at its default. */
export function renderSettingsOf(
  settings: Pick<EngineSettings, 'oemPattern' | 'environment'>,
  version: string,
  warn: (message: string) => void,
): RenderSettings {
  const pattern = parseOemPattern(settings.oemPattern);
  if (pattern.outcome === 'malformed') warn(`${pattern.message} ${DEFAULTS.oemPattern} is used instead.`);
  const problem = settings.environment === null ? null : environmentProblem(settings.environment);
  if (problem !== null) warn(`${problem} Events are sent without an environment.`);
  return {
    version,
    oemPattern: pattern.outcome === 'ok' ? pattern.pattern : new RegExp(DEFAULTS.oemPattern, 'u'),
    environment: problem === null ? settings.environment : null,
    testEnvironment: DEFAULT_TEST_ENVIRONMENT,
  };
}
