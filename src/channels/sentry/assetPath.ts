/**
 * A step key rewritten as a slash-separated asset path (specification: message of a run failure). Dagster joins an
 * asset key's parts by two underscores; a part that holds two itself cannot be told from two parts.
 */
export const assetPathOfStep = (stepKey: string): string => stepKey.replaceAll('__', '/');
