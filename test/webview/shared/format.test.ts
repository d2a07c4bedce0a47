import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  bytes,
  clock,
  clockOfDay,
  clockUtc,
  countdown,
  day,
  duration,
  firstLine,
  shortMoment,
  span,
} from '../../../src/webview/shared/format.ts';

const at = new Date(2026, 10, 20, 19, 11, 48, 134).getTime();

describe('times, sizes and durations', () => {
  it('writes the local time of day as precisely as asked', () => {
    assert.equal(clock(at, 'minutes'), '19:11');
    assert.equal(clock(at), '19:11:48');
    assert.equal(clock(at, 'milliseconds'), '19:11:48.134');
    assert.equal(day(at), '2026-11-20');
  });

  it('puts the date in front of another day only', () => {
    assert.equal(clockOfDay(at, at + 3_600_000), '19:11:48');
    assert.equal(clockOfDay(at, at + 86_400_000), '2026-11-20 19:11:48');
    assert.equal(shortMoment(at, at + 3_600_000), '19:11:48');
    assert.equal(shortMoment(at, at + 86_400_000), '11-20 19:11');
  });

  it('writes UTC whatever the local time zone is', () => {
    assert.equal(clockUtc(Date.parse('2026-11-20T18:11:48.134Z')), '18:11:48.134');
  });

  it('writes sizes the way limits are told', () => {
    assert.deepEqual([0, 47, 999, 1000, 6703, 16_384, 262_144, 1_048_576, 1_500_000].map(bytes), [
      '0 B',
      '47 B',
      '999 B',
      '1 kB',
      '6.7 kB',
      '16.4 kB',
      '262 kB',
      '1 MiB',
      '1.5 MB',
    ]);
  });

  it('writes durations with the digits that tell something', () => {
    assert.deepEqual([0.42, 1, 21.4, 310, 2900, 59_999, 360_000, 9_000_000, 200_000_000].map(duration), [
      '0.4 ms',
      '1 ms',
      '21 ms',
      '310 ms',
      '2.9 s',
      '1 min',
      '6 min',
      '2.5 h',
      '2.3 d',
    ]);
  });

  it('never writes 60 s, 1000 ms or 1000 kB', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
        assert.doesNotMatch(duration(value), /^(60 s|1000 ms|60 min|24 h)$/);
        assert.doesNotMatch(bytes(Math.round(value)), /^1000(\.0)? k?B$/);
      }),
    );
  });

  it('names spans of time', () => {
    assert.deepEqual([45_000, 480_000, 5_400_000, 21_600_000, 259_200_000, 604_800_000].map(span), [
      '45 s',
      '8 min',
      '90 min',
      '6 h',
      '3 d',
      '1 week',
    ]);
  });

  it('counts down to zero and not below', () => {
    assert.deepEqual([24_000, 23_001, 60_000, 3_725_000, -5].map(countdown), [
      '0:24',
      '0:24',
      '1:00',
      '1:02:05',
      '0:00',
    ]);
  });

  it('takes the first line that says anything', () => {
    assert.equal(firstLine('\n  \n  ValueError: x\n  at y'), 'ValueError: x');
    assert.equal(firstLine(''), '');
  });
});
