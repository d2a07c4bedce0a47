import { assetKeyText } from '../failure/failure.ts';
import { searchable } from './failureQuery.ts';
import type { NewFailure } from './storedFailure.ts';

/** The columns that a test's change may change. */
export function columnsOf({ failure, place, asset, groupingKey, searched }: NewFailure) {
  const check = failure.kind === 'check' ? failure : null;
  return {
    severity: check?.severity ?? 'ERROR',
    check: check?.checkName ?? null,
    assetKey: check === null ? null : assetKeyText(check.assetKey),
    place,
    asset,
    partition: failure.partition,
    grouping: groupingKey,
    searched: searchable(searched),
  };
}
