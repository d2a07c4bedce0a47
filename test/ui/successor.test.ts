import assert from 'node:assert/strict';
import type { FailureRow } from '../../src/engine/api.ts';
import { type Place, successor } from '../../src/ui/failures/successor.ts';
import { row, runRow } from './samples.ts';

describe('the row to go on with', () => {
  const [a, b, c] = [row(), row(), row()];
  const [d, e] = [runRow(), runRow()];
  const places: readonly Place[] = [
    { key: 'check', open: true, rows: [a, b, c] },
    { key: 'run', open: true, rows: [d, e] },
    { key: 'before', open: false, rows: [row()] },
  ];
  const goesOn = (done: readonly FailureRow[], leaving: readonly FailureRow[] = [], among = places) =>
    successor(
      among,
      done.map(({ id }) => id),
      (each) => leaving.includes(each),
    );
  const failure = (of: FailureRow) => ({ kind: 'failure', row: of });

  it('is the next one, in the next group where the group ends, and of the last one the one before', () => {
    assert.deepEqual(goesOn([a]), failure(b));
    assert.deepEqual(goesOn([c]), failure(d));
    assert.deepEqual(goesOn([e]), failure(d));
    assert.deepEqual(goesOn([d, e]), failure(c));
  });

  it('is the one below the last of several, whichever were left between them', () => {
    assert.deepEqual(goesOn([a, c]), failure(d));
    assert.deepEqual(goesOn([b, e]), failure(d));
  });

  it('is none that is about to leave; what leaves elsewhere does not move it', () => {
    assert.deepEqual(goesOn([b], [c]), failure(d));
    assert.deepEqual(goesOn([e], [d, c]), failure(b));
    assert.deepEqual(goesOn([a], [e]), failure(b));
  });

  it('is a group that is closed where no failure is in sight any more, rather than nothing', () => {
    assert.deepEqual(goesOn([a, b, c, d, e]), { kind: 'group', key: 'before' });
    const [check, run] = places;
    assert.ok(check && run);
    const runsFirst = [{ ...run, open: false }, check];
    assert.deepEqual(goesOn([a, b, c], [], runsFirst), { kind: 'group', key: 'run' });
    assert.equal(goesOn([a, b, c], [], [check]), null);
  });
});
