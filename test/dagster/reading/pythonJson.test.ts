import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePythonJson } from '../../../src/dagster/pythonJson.ts';

describe("Python's JSON", () => {
  it('gives NaN and the infinities as the text that Python prints', () => {
    assert.deepEqual(parsePythonJson('{"a": NaN, "b": [Infinity, -Infinity], "c": 1}'), {
      a: 'nan',
      b: ['inf', '-inf'],
      c: 1,
    });
  });

  it('leaves such words alone inside strings and keys', () => {
    const value = { NaN: 'NaN, -Infinity 12345678901234567890', 'a"\\': 'x\\"NaN\\\\' };
    assert.deepEqual(parsePythonJson(JSON.stringify(value)), value);
  });

  it('keeps ints exact: numbers up to 2^53, beyond that their digits', () => {
    const digits = '{"a": 9007199254740992, "b": 9007199254740993, "c": -12345678901234567890, "d": -9007199254740992}';
    assert.deepEqual(parsePythonJson(digits), {
      a: 2 ** 53,
      b: '9007199254740993',
      c: '-12345678901234567890',
      d: -(2 ** 53),
    });
  });

  it('reads floats with many digits as floats', () => {
    const text =
      '[0.30000000000000004, 1.7976931348623157e+308, 1234567890123456.8, 5e-324, 1e+22, -0.1234567890123456]';
    assert.deepEqual(parsePythonJson(text), JSON.parse(text));
  });

  it('keeps lone surrogates', () => {
    assert.deepEqual(parsePythonJson('["\\ud83d", NaN]'), ['\ud83d', 'nan']);
  });

  it('refuses what is no JSON', () => {
    for (const text of ['{"a": NaN', '{"a": "x', '', 'None', '{"a": nan}']) {
      assert.throws(() => parsePythonJson(text), SyntaxError, text);
    }
  });

  it('reads any JSON as JSON.parse does, also next to such tokens', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string({ unit: 'grapheme' }), (value, key) => {
        const json = JSON.stringify(value);
        fc.pre(!/\d{16}(?![\d.e])/.test(json)); // a large float that JavaScript prints as an int
        assert.deepEqual(parsePythonJson(json), JSON.parse(json));
        const around = `{${JSON.stringify(key)}: ${json}, "last": [NaN, 123456789012345678901]}`;
        const expected = new Map(
          Object.entries(JSON.parse(`{${JSON.stringify(key)}: ${json}, "last": ["nan", "123456789012345678901"]}`)),
        );
        assert.deepEqual(new Map(Object.entries(parsePythonJson(around) as object)), expected);
      }),
      { numRuns: 300 },
    );
  });

  it('takes well under a second for 10 MB with such a token and thousands of escapes', () => {
    const text = `{"big": ${JSON.stringify('line "x"\n\\'.repeat(700_000))}, "n": NaN}`;
    const began = performance.now();
    const parsed = parsePythonJson(text) as { big: string; n: string };
    assert.equal(parsed.n, 'nan');
    assert.equal(parsed.big.length, 700_000 * `line "x"\n\\`.length);
    assert.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`);
  });
});
