import assert from 'node:assert/strict';
import { groupingOf, headline } from '../../../src/channels/sentry/grouping.ts';

const check = (asset: string, name = 'discrepancies') => `Dagster asset check failure: ${name} on ${asset} (WARN)`;
const key = (message: string) => groupingOf(message).key;

describe('groupingOf', () => {
  it('makes one issue of one check on one asset for every year', () => {
    assert.deepEqual(groupingOf(check('audi/2024/prices')), {
      key: 'Dagster asset check failure: discrepancies on audi/<int>/prices (WARN)',
      title: 'discrepancies on audi/…/prices (WARN)',
      ignored: ['2024'],
    });
    assert.equal(key(check('audi/2024/prices')), key(check('audi/2025/prices')));
  });

  it('keeps checks, assets, severities and error classes apart', () => {
    const messages = [
      check('audi/prices'),
      check('bmw/prices'),
      check('audi/prices', 'integrity'),
      check('audi/prices').replace('WARN', 'ERROR'),
      'Dagster run failure: audi/prices (ValueError)',
      'Dagster run failure: audi/prices (KeyError)',
    ];
    assert.equal(new Set(messages.map(key)).size, messages.length);
  });

  for (const [asset, grouped] of [
    ['audi/2026-05-01/prices', 'audi/<date>/prices'],
    ['audi/20260501/prices', 'audi/<hex>/prices'],
    ['audi/prices_2024', 'audi/prices_2024'],
    ['audi/v2/prices', 'audi/v2/prices'],
    ['audi/model-3', 'audi/model-<int>'],
    ['audi/1.5/prices', 'audi/<float>/prices'],
    ['mercedes/c300/prices', 'mercedes/<hex>/prices'],
    ['mercedes/g63/prices', 'mercedes/g63/prices'],
    ['audi/9e94b908-5cb0-46e2-9e84-a50914e90fc0', 'audi/<uuid>'],
    ['audi/a93c7d2', 'audi/<git_sha>'],
    ['audi/10.0.0.1', 'audi/<ip>'],
    ['graph.in', '<hostname>'],
    ['graph.inner', 'graph.inner'],
    ['audi/10s', 'audi/<duration>'],
    ['a@b.c', '<email>'],
    ['https://x.y/z', '<url>'],
    ["x='y'", 'x=<quoted_str>'],
    ['x=true', 'x=<bool>'],
    ['grün2', 'grün2'],
  ] as const) {
    it(`sees ${asset} as ${grouped}`, () => {
      const message = `Dagster run failure: ${asset} (E)`;
      assert.equal(key(message), `Dagster run failure: ${grouped} (E)`);
    });
  }

  it('compares the first two lines that are not empty, and marks that there was more', () => {
    assert.equal(key('\n a \r\n\u2028 b\nc 1'), ' a \n b...');
    assert.equal(key(' a \n b\nd'), key(' a \n\n b\ne'));
    assert.equal(key('a\nb'), 'a\nb');
  });

  it('answers at once for a long message made to be slow', () => {
    for (const text of [
      'a.'.repeat(50_000),
      'a'.repeat(100_000),
      '1:'.repeat(50_000),
      `${'x='.repeat(4000)}'`,
      'Mon '.repeat(20_000),
    ]) {
      const start = performance.now();
      groupingOf(text);
      const took = performance.now() - start;
      assert.ok(took < 1000, `${text.slice(0, 4)}…: ${took.toFixed(0)} ms`);
    }
  });
});

describe('headline', () => {
  it('is the first line', () => {
    assert.equal(headline('  Dagster run failure: a/b (E)\nmore'), 'Dagster run failure: a/b (E)');
  });

  it('has at most 256 characters, whole ones', () => {
    assert.equal(headline('🚗'.repeat(256)), '🚗'.repeat(256));
    assert.equal(headline('🚗'.repeat(257)), `${'🚗'.repeat(253)}...`);
  });
});
