import assert from 'node:assert/strict';
import { english } from '../../src/ui/l10n.ts';
import { textsInBundle, textsInCode } from './strings.ts';

describe('texts', () => {
  it('that the code shows are those that translators get (node test/ui/strings.ts writes them)', async () => {
    assert.deepEqual(await textsInBundle(), await textsInCode());
  });

  it('have their arguments put in once, also such that look like places', () => {
    assert.equal(english.t('{0} on {1}', '{1}', 'b'), '{1} on b');
    assert.equal(english.t('{0} and {1}', 0), '0 and {1}');
  });
});
