import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pythonRepr } from '../../src/dagster/pythonRepr.ts';
import { readPython } from '../../src/failure/pythonText.ts';
import { toldOf } from '../../src/failure/told.ts';
import { english } from '../../src/ui/l10n.ts';
import { everyType } from '../webview/harness/samples.ts';

describe('Python’s text form of a value', () => {
  it('is read back as what was written', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, false),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        fc.string({ unit: 'binary' }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((key) => !key.startsWith('__')),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (each) => {
        assert.deepEqual(readPython(pythonRepr([each])), JSON.parse(JSON.stringify([each])));
      }),
      { numRuns: 300 },
    );
  });

  it('is left as it is where it is anything else', () => {
    const deep = `${'['.repeat(60)}${']'.repeat(60)}`;
    const lone = "'\\Uffffffff'";
    for (const text of ['', 'plain words', "{'a'", "A(b='x'", 'A(1, 2)', "{1: 'x'}", '<object at 0x1>', lone, deep]) {
      assert.equal(readPython(text), null, text);
      assert.equal(toldOf('table_schema', text, english), null, text);
    }
  });

  it('takes no long while, whatever stands in it', () => {
    const begin = performance.now();
    for (const text of [`'${'\\'.repeat(100_001)}`, `[${"'x', ".repeat(15_000)}`, 'a='.repeat(50_000)])
      readPython(text);
    assert.ok(performance.now() - begin < 500);
  });
});

describe('a metadata value that is sent as Dagster’s text form', () => {
  const told = (name: string) => {
    const entry = everyType.metadata.find((each) => each.name === name);
    return entry && toldOf(entry.type, entry.value, english);
  };

  it('is told as what it is', () => {
    assert.deepEqual(told('schema'), [
      { name: 'vin', note: "string, the vehicle's, not null, unique, 17 letters" },
      { name: 'größe', note: 'int' },
    ]);
    assert.deepEqual(told('lineage'), [{ name: 'price', note: 'from audi/raw.price_a, audi/raw.price_b' }]);
    assert.deepEqual(told('artifact'), [{ name: 'acme.prices.Model', note: '' }]);
    assert.deepEqual(told('code'), [
      { name: '/acme/prices.py:12', note: 'def' },
      { name: 'https://example.com/prices.py#L12', note: '' },
    ]);
  });

  it('names a job’s own code location, not the failure’s', () => {
    assert.equal(everyType.codeLocation, 'ai_audi');
    assert.deepEqual(told('job'), [{ name: 'nightly', note: 'in ai_bmw' }]);
  });

  it('is nothing of the other types, which have a value of their own', () => {
    for (const { type, value } of everyType.metadata.filter(({ type }) => ['text', 'json', 'other'].includes(type)))
      assert.equal(toldOf(type, value, english), null);
  });
});
