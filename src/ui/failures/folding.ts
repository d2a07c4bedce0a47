import type { FailureGrouping } from '../../engine/api.ts';
import { BEFORE } from './groupRows.ts';

/** Whether a group is open when it is first shown: not where there may be hundreds, nor what is older than Firedrill. */
export const startsOpen = (key: string, grouping: FailureGrouping): boolean =>
  key !== BEFORE && (grouping === 'kind' || grouping === 'location');

/**
 * Which groups are open: as they start, until somebody opens or closes one. A group that leaves and comes back is as it
 * was left, in each grouping.
 */
export class Folding {
  readonly #turned = new Map<string, boolean>();

  turned(grouping: FailureGrouping, key: string, open: boolean): void {
    this.#turned.set(`${grouping}:${key}`, open);
  }

  isOpen(grouping: FailureGrouping, key: string): boolean {
    return this.#turned.get(`${grouping}:${key}`) ?? startsOpen(key, grouping);
  }
}
