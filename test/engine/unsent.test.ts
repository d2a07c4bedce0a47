import assert from 'node:assert/strict';
import { unsentOf } from '../../src/engine/unsent.ts';
import type { DagsterError } from '../../src/failure/failure.ts';
import { checkFailure, runFailure } from '../store/samples.ts';

describe('what is not sent of an error', () => {
  const error = (
    message: string,
    cause: DagsterError | null = null,
    stack: readonly string[] = [],
    className = 'ValueError',
  ): DagsterError => ({ className, message, stack, cause });
  const of = (error: DagsterError | null) => unsentOf(runFailure(1, { step: { key: 'prices', error }, error: null }));

  it('is what caused the one that is sent, which stands behind Dagster’s own', () => {
    const wrapped = error(
      'wrapper',
      error('sent', error('first\n', error('second'))),
      ['frame'],
      'DagsterExecutionStepExecutionError',
    );
    assert.deepEqual(of(wrapped), { causes: ['first', 'second'], stack: false });
  });

  it('is its stack', () => {
    assert.deepEqual(of(error('sent', null, ['frame'])), { causes: [], stack: true });
  });

  it('is short however long the chain and its texts are', () => {
    let long = error('x'.repeat(100_000));
    for (let depth = 0; depth < 1000; depth += 1) long = error('x'.repeat(1000), long);
    const { causes } = of(long);
    assert.deepEqual([causes.length, causes[0]?.length], [10, 300]);
  });

  it('is nothing of a failure without an error, or of a check', () => {
    assert.deepEqual(of(null), { causes: [], stack: false });
    assert.deepEqual(unsentOf(checkFailure(1)), { causes: [], stack: false });
  });
});
