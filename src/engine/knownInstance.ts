import type { DagsterInstance } from '../dagster/instance.ts';
import { hasState } from '../store/stateStore.ts';

/**
 * The instance under the id that its state is kept under. Dagster may give it a name only after Firedrill met it: then
 * it stays who it was, so that no failure is listed or sent once more under another identity.
 */
export function asKnown(instance: DagsterInstance, stateFolder: string): DagsterInstance {
  const { id, earlierId } = instance;
  if (earlierId === undefined || hasState(stateFolder, id) || !hasState(stateFolder, earlierId)) return instance;
  return { ...instance, id: earlierId };
}
