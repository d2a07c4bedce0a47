import { maskSecrets } from './mask.ts';
import { inert, shorten } from './text.ts';

/** Text from elsewhere as it may stand in a notification: one line, no links, no icons, no keys, not too long. */
export const safe = (text: string): string => shorten(inert(maskSecrets(text)), 600);
