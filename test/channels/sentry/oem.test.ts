import assert from 'node:assert/strict';
import { oemOf, parseOemPattern } from '../../../src/channels/sentry/oem.ts';
import { DEFAULTS } from '../../../src/defaults.ts';
import { checkFailure, runFailure } from './failures.ts';

function pattern(text: string): RegExp {
  const parsed = parseOemPattern(text);
  assert.equal(parsed.outcome, 'ok');
  return parsed.outcome === 'ok' ? parsed.pattern : /never/;
}

describe('oemOf', () => {
  const standard = pattern(DEFAULTS.oemPattern);
  for (const [location, oem] of [
    ['ai_audi', 'audi'],
    ['ai_bmw_m', 'bmw_m'],
    ['audi', 'audi'],
    ['x_ai_audi', 'x_ai_audi'],
    ['ai_', 'ai_'],
    ['müller.defs', 'müller.defs'],
  ] as const) {
    it(`makes ${oem} of the code location ${location}`, () => {
      assert.equal(oemOf(checkFailure({ codeLocation: location }), standard), oem);
    });
  }

  it('follows the setting', () => {
    assert.equal(oemOf(checkFailure({ codeLocation: 'prod.bmw.defs' }), pattern('^prod\\.(\\w+)\\.')), 'bmw');
  });

  it('takes the whole name where the pattern has no group', () => {
    assert.equal(oemOf(checkFailure({ codeLocation: 'ai_audi' }), pattern('^ai_')), 'ai_audi');
  });

  it('takes the first part that is not empty of asset key and step', () => {
    assert.equal(oemOf(checkFailure({ codeLocation: null, assetKey: ['', 'bmw'] }), standard), 'bmw');
    assert.equal(oemOf(runFailure({ codeLocation: null, step: { key: '__audi__x', error: null } }), standard), 'audi');
  });

  it('says why a pattern is none', () => {
    const parsed = parseOemPattern('^ai_(');
    assert.equal(parsed.outcome, 'malformed');
    assert.match(
      parsed.outcome === 'malformed' ? parsed.message : '',
      /^The OEM pattern is no regular expression: .*\(/,
    );
  });
});
