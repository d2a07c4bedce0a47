const WORD_JOINER = '\u2060';

/**
 * Pipeline text for the places where VS Code reads `$(name)` as an icon and `[text](url)` as a link: status bar, quick
 * picks, notifications. An invisible word joiner breaks both; the text reads as before.
 */
export const inert = (text: string): string =>
  oneLine(text).replaceAll('$(', `$${WORD_JOINER}(`).replaceAll('](', `]${WORD_JOINER}(`);

/**
 * One line without what would act on the text around it: control characters and line breaks become single spaces,
 * marks that turn the direction of what follows are left out, half surrogate pairs replaced.
 */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();

/** At most `limit` characters, the last one an ellipsis where something was cut; never half a surrogate pair. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** The home folder as `~`, as people know it. */
export function tildify(path: string, home: string): string {
  if (home === '' || !path.startsWith(home)) return path;
  const rest = path.slice(home.length);
  return rest === '' || rest.startsWith('/') || rest.startsWith('\\') ? `~${rest}` : path;
}

/** `a · b`, without the parts that are empty. */
export const dotted = (...parts: readonly (string | null | undefined | false)[]): string =>
  parts.filter((part): part is string => typeof part === 'string' && part !== '').join(' · ');

/** The same for the ear: `a, b`. */
export const spoken = (...parts: readonly (string | null | undefined | false)[]): string =>
  parts.filter((part): part is string => typeof part === 'string' && part !== '').join(', ');
