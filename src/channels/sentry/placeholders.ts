/**
 * What Sentry replaces in a message before it groups by it (Sentry's `grouping/parameterization`): this module says
 * the same rules in its own words, as far as names of checks, assets, jobs and error classes can meet them. Sentry
 * changes them now and then: the result is a prediction.
 */

/** Word boundaries as Python has them: letters and digits of every language are word characters. */
const START = String.raw`(?<![\p{L}\p{N}_])`;
const END = String.raw`(?![\p{L}\p{N}_])`;
const word = (pattern: string): string => `${START}(?:${pattern})${END}`;

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const WEEKDAY = '(?:(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:day|sday|nesday|rsday|urday)?,?\\s)';
const ZONE = '(?:\\s?(?:UT|GMT|[ECMP][SD]T)?(?:[+-]\\d{2}:?\\d{2})?)';
const CLOCK = '\\d{1,2}:\\d{2}(?::\\d{2})?';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const HEX4 = '[\\da-fA-F]{1,4}';

/** The endings that Sentry takes for a host name, e.g. the one in `graph.in`; all lower or all upper case. */
const ENDINGS =
  'com net org jp de uk fr br it ru es me gov pl ca au cn co in nl edu info eu ch id at kr cz mx be tv se tr tw al ua ir ' +
  'vn cl sk ly cc to no fi us pt dk ar hu tk gr il news ro my biz ie za nz sg ee th io xyz pe bg hk rs lt link ph club ' +
  'si site mobi by cat wiki la ga xxx cf hr ng jobs online kz ug gq ae is lv pro fm tips ms sa app';
const ENDING = `${ENDINGS.replaceAll(' ', '|')}|${ENDINGS.toUpperCase().replaceAll(' ', '|')}`;

const DATES = [
  // 2026-05-01T10:00:00.5+02:00, 2026-05-01 10:00, 20260501T100000
  `\\d{4}-?[01]\\d-?[0-3]\\d[\\sT][0-2]\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d+)?)?Z?(?:[+-]?\\d{2}:?\\d{2})?`,
  // Fri, 01 May 2026 10:00:00 GMT, 01-May-26 10:00:00
  `${WEEKDAY}?\\d{1,2}[\\s-]${MONTH}[\\s-]\\d{2,4}\\s${CLOCK}${ZONE}`,
  // May 01, 2026, Fri May 01 2026 10:00:00 GMT+0200 (CEST), Fri May 01 10:00:00 2026
  `${WEEKDAY}?${MONTH}\\s[0-3]\\d(?:,\\s\\d{2,4}|\\s\\d{4}\\s${CLOCK}${ZONE}(?:\\s\\([^)]+\\))?|\\s${CLOCK}\\s\\d{4})`,
  '(?<!\\d)(?:[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?(?![\\d:])(?:\\s?[aApP][mM])?',
  '(?<!\\d)\\d{4}-(?:0\\d|1[0-2])-(?:[0-2]\\d|3[01])(?!\\d)',
  'datetime\\.datetime\\([^)]*\\)',
].join('|');

/** An IPv6 address has eight groups, or fewer and a double colon. */
const IPV6 = `(?:${HEX4}:){7}${HEX4}|(?:${HEX4}(?::${HEX4}){0,6})?::(?:${HEX4}(?::${HEX4}){0,6})?(?:\\/\\d{1,3})?`;
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`;

/** Placeholders by name, in the order in which Sentry tries them at one place. */
const PATTERNS: readonly (readonly [name: string, pattern: string])[] = [
  ['email', "[\\w.!#$%&'*+/=?^`{|}~\\-]{1,64}@[a-zA-Z0-9\\-]+(?:\\.[a-zA-Z0-9\\-]+)*"],
  ['url', `${START}(?:wss?|https?|ftp):\\/\\/[^\\s\\/$.?#]\\S+`],
  ['hostname', word(`(?:[a-zA-Z0-9\\-]{1,63}\\.){1,10}?(?:${ENDING})`)],
  ['ip', `${word(`::ffff:${IPV4}|${IPV4}`)}|${word(IPV6)}`],
  ['traceparent', word('00-[\\da-f]{32}-[\\da-f]{16}-0[01]|1-[\\da-f]{8}-[\\da-f]{24}')],
  ['uuid', word('[\\da-fA-F]{8}(?:-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}')],
  ['sha1', word('[\\da-fA-F]{40}')],
  ['md5', word('[\\da-fA-F]{32}')],
  ['date', DATES],
  ['duration', `${START}\\d+ms${END}|\\d+(?:\\.\\d+)?s${END}`],
  ['swift_txn_id', `${START}tx[\\da-f]{21}-[\\da-f]{10}\\S*`],
  // Seven digits of one case, letters and numbers mixed, are a commit.
  ['git_sha', word('(?=[a-f]*\\d)(?=\\d*[a-f])[\\da-f]{7}')],
  // From four digits on with both letters and numbers, from eight on in any mix: `c300` is one, `4711` is an int.
  ['hex', `${word('0[xX][\\da-fA-F]+')}|${['a-f', 'A-F'].map(hex).join('|')}`],
  ['float', `-\\d+\\.\\d+${END}|${START}\\d+\\.\\d+${END}`],
  ['int', `(?:${START}|(?<![\\p{L}\\p{N}_])-)\\d{1,7}${END}`],
  ['quoted_str', `(?<==)(?:'[^']+'|"[^"]+")`],
  ['bool', '(?<==)(?:True|true|False|false)'],
];

function hex(letters: string): string {
  const mixed = `(?=[${letters}]*\\d)(?=\\d*[${letters}])[\\d${letters}]{4,128}`;
  return `(?:${START}|(?<![\\p{L}\\p{N}_])-)(?:${mixed}|[\\d${letters}]{8,128})${END}`;
}

const ALL = new RegExp(PATTERNS.map(([name, pattern]) => `(?<${name}>${pattern})`).join('|'), 'gu');

/** Replaces what varies by what `placeholder` answers for the kind (`int`, `date`, …) and the text found. */
export function replaceVarying(text: string, placeholder: (kind: string, found: string) => string): string {
  return text.replace(ALL, (...match: readonly unknown[]) => {
    const found = String(match[0]);
    const groups = match.at(-1);
    const kind = Object.entries(groups ?? {}).find(([, value]) => value !== undefined)?.[0] ?? '';
    return placeholder(kind, found);
  });
}
