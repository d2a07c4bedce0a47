import type { FoundFailure } from '../../engine/api.ts';
import { t } from '../shared/l10n.ts';

/** A failure by check and asset, or by what failed and its error. */
export const failureName = ({ kind, label, detail }: FoundFailure): string =>
  kind === 'check' ? t('{0} on {1}', label, detail) : `${label} (${detail})`;
