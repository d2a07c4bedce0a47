import assert from 'node:assert/strict';
import { english } from '../../src/ui/l10n.ts';
import { age, clock, exactClock, shortTime } from '../../src/ui/time.ts';
import { AT } from './samples.ts';

describe('a time', () => {
  it('is told in the hours of the clock', () => {
    assert.equal(clock(AT), '19:12:30');
    assert.equal(exactClock(AT), '19:12:30.220');
  });

  it('has its day only when that is another', () => {
    assert.equal(shortTime(AT, AT + 1000), '19:12');
    assert.equal(shortTime(AT, AT + 86_400_000), '2026-05-05 19:12');
  });

  it('is told as an age in the two units that say most', () => {
    const ages = [0, 59, 112, 7265, 200_000].map((seconds) => age(AT, AT + seconds * 1000, english));
    assert.deepEqual(ages, ['just now', '59 s ago', '1 min 52 s ago', '2 h 1 min ago', '2 days ago']);
  });

  it('that lies ahead by a skewed clock is now', () => {
    assert.equal(age(AT, AT - 5000, english), 'just now');
  });
});
