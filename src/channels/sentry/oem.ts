import * as l10n from '@vscode/l10n';
import type { Failure } from '../../failure/failure.ts';
import { messageOf } from '../../failure/messageOf.ts';
import { assetPathOfStep } from './assetPath.ts';

/** What the tag says when neither code location, asset nor step is known. */
export const UNKNOWN_OEM = 'unknown';

export type ParsedOemPattern =
  | { readonly outcome: 'ok'; readonly pattern: RegExp }
  | { readonly outcome: 'malformed'; readonly message: string };

/** Reads the setting: a regular expression whose first group is the OEM in a code location's name. */
export function parseOemPattern(text: string): ParsedOemPattern {
  try {
    return { outcome: 'ok', pattern: new RegExp(text, 'u') };
  } catch (error) {
    const reason = messageOf(error);
    return { outcome: 'malformed', message: l10n.t('The OEM pattern is no regular expression: {0}', reason) };
  }
}

/**
 * The tag `oem`: from the code location by the pattern, the whole name where the pattern does not match; without a
 * code location the first part of the asset key, or of the failed step's asset path where the run is of no asset.
 */
export function oemOf(failure: Failure, pattern: RegExp): string {
  const { codeLocation } = failure;
  if (codeLocation !== null && codeLocation !== '') return codeLocation.match(pattern)?.[1] || codeLocation;
  const parts = failure.assetKey ?? assetPathOfStep(failure.kind === 'run' ? (failure.step?.key ?? '') : '').split('/');
  return parts.find((part) => part !== '') ?? UNKNOWN_OEM;
}
