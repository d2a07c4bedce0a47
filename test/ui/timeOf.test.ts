import assert from 'node:assert/strict';
import { timeOf } from '../../src/ui/ticks/timeOf.ts';

const NOW = new Date(2026, 10, 20, 19, 14, 22).getTime();

describe('a time that a person types', () => {
  it('is of today, or of yesterday where today it is still to come', () => {
    assert.equal(timeOf('19:12', NOW), new Date(2026, 10, 20, 19, 12).getTime());
    assert.equal(timeOf(' 7:05:09 ', NOW), new Date(2026, 10, 20, 7, 5, 9).getTime());
    assert.equal(timeOf('19:15', NOW), new Date(2026, 10, 19, 19, 15).getTime());
  });

  it('may name its day', () => {
    assert.equal(timeOf('2026-05-04 19:12', NOW), new Date(2026, 4, 4, 19, 12).getTime());
    assert.equal(timeOf('2026-05-04T19:12:30.220', NOW), new Date(2026, 4, 4, 19, 12, 30).getTime());
  });

  it('is none where there is no such time', () => {
    for (const text of [
      '',
      '19',
      '24:00',
      '12:60',
      '12:00:60',
      '2026-02-31 10:00',
      '2026-13-01 10:00',
      'Error 12:30',
    ]) {
      assert.equal(timeOf(text, NOW), null, text);
    }
  });
});
