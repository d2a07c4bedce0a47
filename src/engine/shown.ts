import type { Failure } from '../failure/failure.ts';
import { isList, type JsonObject, type JsonValue, pointer } from '../failure/json.ts';
import { briefOf } from '../store/brief.ts';
import type { Shortened } from './api.ts';

/** Characters of one text that a view shows; the document has all. */
export const SHOWN_TEXT = 100_000;
/** Characters of all texts, names and numbers together. */
const SHOWN_ALL = 1_000_000;

const isContainer = (value: JsonValue): boolean => typeof value === 'object' && value !== null;

/**
 * Shortens what is too large to be shown, and tells where: a preview goes through the host's thread, which must not be
 * held longer than a frame, and nobody reads 10 MB of metadata in a view.
 */
export class Showing {
  readonly #shortened = new Map<string, Shortened>();

  get shortened(): readonly Shortened[] {
    return [...this.#shortened.values()];
  }

  event(event: JsonObject): JsonObject {
    const budget = { left: SHOWN_ALL };
    const fields = Object.entries(event).map(([name, value]) => [name, this.#value(value, pointer('', name), budget)]);
    return Object.fromEntries(fields);
  }

  /** Paths are those of the event, where the metadata stands under `extra`. */
  failure(failure: Failure): Failure {
    if (failure.kind === 'run') return briefOf(failure);
    const budget = { left: SHOWN_ALL };
    const metadata = failure.metadata.map((entry) => ({
      ...entry,
      value: this.#value(entry.value, pointer('/extra/metadata', entry.name), budget),
    }));
    return { ...failure, metadata };
  }

  #value(value: JsonValue, path: string, budget: { left: number }): JsonValue {
    if (typeof value === 'string') return this.#text(value, path, budget);
    if (value === null || typeof value !== 'object') {
      budget.left -= 8;
      return value;
    }
    const all: readonly (readonly [string, JsonValue])[] = Object.entries(value);
    const kept: [string, JsonValue][] = [];
    for (const [name, item] of all) {
      if (budget.left <= 0) break;
      budget.left -= isList(value) ? 2 : name.length + 4;
      const shown = this.#value(item, pointer(path, name), budget);
      // Of a list of records only whole ones are shown.
      if (budget.left <= 0 && isList(value) && isContainer(item) && kept.length > 0) break;
      kept.push([name, shown]);
    }
    if (kept.length < all.length) this.#tell({ path, shown: kept.length, actual: all.length, unit: 'items' });
    return isList(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
  }

  #text(text: string, path: string, budget: { left: number }): string {
    const limit = Math.min(SHOWN_TEXT, Math.max(100, budget.left));
    budget.left -= Math.min(text.length, limit);
    if (text.length <= limit) return text;
    this.#tell({ path, shown: limit, actual: text.length, unit: 'characters' });
    return text.slice(0, limit).toWellFormed();
  }

  /** What is told of a list or object stands for what was shortened in it. */
  #tell(shortened: Shortened): void {
    for (const path of this.#shortened.keys()) {
      if (path.startsWith(`${shortened.path}/`)) this.#shortened.delete(path);
    }
    this.#shortened.set(shortened.path, shortened);
  }
}
