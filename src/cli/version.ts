import manifest from '../../package.json' with { type: 'json' };

/** Firedrill's own version, which names the sender. */
export const VERSION: string = manifest.version;
