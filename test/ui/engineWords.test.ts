import assert from 'node:assert/strict';
import { literalsIn } from './literals.ts';
import { sources } from './strings.ts';

/** Texts of the engine that stay as they are in every language, by file, and why. */
const ENGLISH: readonly (readonly [file: RegExp, text: RegExp, why: string])[] = [
  [/^src\/dagster\/fileLook\.ts$/, /^SQLite format 3/, "begins SQLite's files"],
  [/^src\/dagster\/depth\.ts$/, /^<nested deeper than/, 'is put into the event'],
  [/^src\/failure\/failedRun\.ts$/, /^Execution of run for|^dagster\._core/, "Dagster's own words, put into the event"],
  [/^src\/failure\/testFailure\.ts$/, /^A test failure made/, 'is put into the event'],
  [/^src\/channels\/sentry\/event\.ts$/, /^Dagster (?:asset check|run) failure: /, 'the specified message'],
  [/^src\/channels\/sentry\/placeholders\.ts$/, /^[a-z ]+$/, 'top-level domains'],
  [/^src\/channels\/sentry\/eventGrouping\.ts$/, /^\{\} at \{\}$/, "Sentry's own title of an issue"],
  [/^src\/channels\/sentry\/dsn\.ts$/, /^Sentry project \{\} on/, 'is said on the command line only'],
  [/^src\/delivery\/afterTry\.ts$/, /^Unknown verdict/, 'an error of the program'],
  [/^src\/delivery\/inbox\//, /^[^A-Z]/, "the inbox's answers over HTTP, in Relay's words"],
  [/^src\/delivery\/inbox\/endpoint\.ts$/, /^This is Firedrill's inbox\./, "the inbox's answer over HTTP"],
  [/^src\/engine\/(?:book|instanceFollower)\.ts$/, /^Looking for /, 'a line of the log'],
  [/^src\/engine\/following\.ts$/, /could not read the event log: /, 'a line of the log'],
  [/^src\/engine\/renderSettings\.ts$/, / is used instead\.$| without an environment\.$/, 'a line of the log'],
  [/^src\/engine\/engine\.ts$/, /^The engine has not been configured yet\.$/, 'an error of the program'],
  [/^src\/engine\/targets\.ts$/, /^The inbox has a DSN that cannot be parsed/, 'an error of the program'],
  [/^src\/engine\/worker\.ts$/, /^This file runs as/, 'an error of the program'],
];

/** Questions to databases, and Dagster's webserver. */
const QUERY =
  /^\s*(?:begin|select|insert|from outbox|update|delete from|create|alter|attach|detach|with|drop|pragma|case when|query) |\bselect .* from\b|\b(?:is null|is not null|order by)\b|\bas \w+(?:,|$)|\bwhere \w+\.\w+|[<>=] (?:\?|\$|\{|'|\d)/;

/** Whether it reads like words for people: three in a row. */
const isProse = (text: string): boolean => /[\w{}'"]+(?: [\w{}'"]+){2}/.test(text) && !QUERY.test(text);

const forgotten = (code: string): string[] =>
  literalsIn(code).flatMap(({ text, translated }) => (!translated && isProse(text) ? [text] : []));

describe('the words of the engine', () => {
  it('all go through l10n, but for those with a reason', async () => {
    const engine = (await sources()).filter(({ file }) => !/^src\/(?:ui|webview)\//.test(file));
    const used = new Set<RegExp>();
    const found = engine.flatMap(({ file, code }) =>
      forgotten(code).flatMap((text) => {
        const reason = ENGLISH.find(([files, texts]) => files.test(file) && texts.test(text));
        if (reason) used.add(reason[1]);
        return reason ? [] : [`${file}: ${text}`];
      }),
    );
    assert.deepEqual(found, []);
    assert.deepEqual(
      ENGLISH.filter(([, text]) => !used.has(text)),
      [],
      'reasons for what is no longer there',
    );
  });

  it('are found where they are forgotten: whole, as templates, and inside of other templates', () => {
    const code = [
      "const a = l10n.t('Nothing listens at {0}.', url); // Nothing here is code.",
      "throw new Error('Nothing listens at that address.');",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code.
      'const b = `${file} is no longer there${why === null ? `: it was removed by ${who}` : ``}.`;',
      "const c = l10n.t(\n  'The file {0} is gone.',\n  /no \"text\" in here/.test(x) ? 'it was moved away' : y / 2 / z,\n);",
      "const d = 'select id from event_logs where id = ?';",
    ].join('\n');
    assert.deepEqual(forgotten(code), [
      'Nothing listens at that address.',
      ': it was removed by {}',
      '{} is no longer there{}.',
      'it was moved away',
    ]);
  });
});
