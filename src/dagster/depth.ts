/** Levels of lists and objects that a value keeps; Sentry keeps 7, and what walks a value must not run out of stack. */
export const MAX_DEPTH = 1_500;
/** Stands for what is nested deeper. */
export const TOO_DEEP = `<nested deeper than ${MAX_DEPTH} levels>`;

/**
 * Replaces what is nested too deep in a value just parsed from JSON, which is nobody else's yet. No recursion: Dagster
 * stores whatever depth a pipeline gave.
 */
export function limitDepth<Value>(parsed: Value): Value {
  let level: object[] = isContainer(parsed) ? [parsed] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    const next: object[] = [];
    for (const container of level) {
      for (const [key, value] of Object.entries(container)) {
        if (!isContainer(value)) continue;
        if (depth < MAX_DEPTH) next.push(value);
        else Object.defineProperty(container, key, { value: TOO_DEEP, enumerable: true });
      }
    }
    level = next;
  }
  return parsed;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
