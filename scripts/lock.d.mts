/**
 * Does `work` while no other process does work under the same lock file. `onWait` is called once when another holds
 * it. A lock whose owner has ended, however it ended, is taken over.
 */
export function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T>;
