import assert from 'node:assert/strict';
import * as engineL10n from '@vscode/l10n';
import { english } from '../../src/ui/l10n.ts';
import { textsInBundle, textsInCode, textsMadeByCode } from './strings.ts';

describe('texts', () => {
  it('that the code shows are those that translators get (node test/ui/strings.ts writes them)', async () => {
    assert.deepEqual(await textsInBundle(), await textsInCode());
  });

  it('stand as they are in the call that translates them', async () => {
    assert.deepEqual(await textsMadeByCode(), []);
  });

  it("of the engine's thread have their arguments put in once, also such that look like places", () => {
    assert.equal(engineL10n.t('{0} on {1}', '{1}', '{0}$&'), '{1} on {0}$&');
    assert.equal(engineL10n.t('{1} after {0}, {0}', '{1}', 2), '2 after {1}, {1}');
    assert.equal(engineL10n.t('{0} and {1}', 0), '0 and {1}');
  });

  it('have their arguments put in once, also such that look like places', () => {
    assert.equal(english.t('{0} on {1}', '{1}', 'b'), '{1} on b');
    assert.equal(english.t('{0} and {1}', 0), '0 and {1}');
  });
});
