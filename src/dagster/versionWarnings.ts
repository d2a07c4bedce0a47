import * as l10n from '@vscode/l10n';

/** The newest release that the tests read, as [major, minor]. */
const NEWEST = [1, 13] as const;

/**
 * What to know of an instance whose Dagster is newer than any that Firedrill was tested with: it is read all the same,
 * and what cannot be understood is told row by row.
 */
export function versionWarnings(version: string): readonly string[] {
  const [major, minor] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major === undefined || minor === undefined || !Number.isFinite(major) || !Number.isFinite(minor)) return [];
  const isNewer = major > NEWEST[0] || (major === NEWEST[0] && minor > NEWEST[1]);
  if (!isNewer) return [];
  return [
    l10n.t(
      'Dagster {0} is newer than {1}, the newest that this Firedrill was tested with. Events that it does not understand are skipped and named in their tick.',
      version,
      NEWEST.join('.'),
    ),
  ];
}
