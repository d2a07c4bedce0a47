import assert from 'node:assert/strict';
import { fill, parseStrings, pieces, plural, t } from '../../../src/webview/shared/l10n.ts';

describe('translated texts', () => {
  it('put each argument in once, also one that looks like a place', () => {
    assert.equal(fill('{0} on {1}, {0}', ['{1}', 'b']), '{1} on b, {1}');
    assert.equal(fill('{0} and {3}', [1]), '1 and {3}');
  });

  it('stay English without a translation', () => {
    assert.equal(t('run {0}', 'abc'), 'run abc');
    assert.equal(plural(1, '{0} row', '{0} rows'), '1 row');
    assert.equal(plural(10_000, '{0} row', '{0} rows'), '10,000 rows');
  });

  it('are cut where an element takes the place of an argument', () => {
    assert.deepEqual(pieces('Joins {0}, {1}'), ['Joins ', 0, ', ', 1]);
  });

  it('come from JSON of strings; anything else counts as none', () => {
    assert.deepEqual([...parseStrings('{"a":"b","c":1}')], [['a', 'b']]);
    for (const json of [undefined, '', '[]', '"x"', 'null', '{']) assert.equal(parseStrings(json).size, 0);
  });
});
