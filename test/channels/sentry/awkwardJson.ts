import fc from 'fast-check';
import type { JsonObject } from '../../../src/failure/json.ts';

/** Names that mean something to JavaScript, or to a reader of events. */
const NAMES = ['toString', 'valueOf', 'constructor', '__proto__', 'length', '0', ''];

/** Any JSON objects with these fields, whose values are objects that JavaScript cannot turn into text too. */
export function awkwardJson(...fields: readonly string[]): fc.Arbitrary<JsonObject> {
  const name = fc.constantFrom(...NAMES, ...fields);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.string(),
      fc.dictionary(name, tie('tree'), { maxKeys: 5 }),
      fc.array(tie('tree'), { maxLength: 4 }),
    ),
  }));
  return fc.dictionary(name, tree, { maxKeys: 8 }).map((object) => JSON.parse(JSON.stringify(object)));
}
