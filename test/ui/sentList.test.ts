import assert from 'node:assert/strict';
import { deliveryId } from '../../src/delivery/delivery.ts';
import type { Delivery } from '../../src/engine/api.ts';
import { PAGE, SentList } from '../../src/ui/sent/list.ts';
import { AT, delivery } from './samples.ts';

const accepted = { kind: 'accepted', at: AT, status: 200, durationMs: 1, mayRepeat: false } as const;
const waiting = { kind: 'waiting', until: null, reason: null } as const;
const one = (id: number, state: Delivery['state'] = accepted) => delivery(state, { id: deliveryId(id) });
const range = (from: number, to: number, state?: Delivery['state']) =>
  Array.from({ length: to - from + 1 }, (_, index) => one(to - index, state));
const none = { waiting: 0, failed: 0, accepted: 0 };

describe('the loaded deliveries', () => {
  it('move from group to group as their state changes', () => {
    const list = new SentList();
    assert.deepEqual([...list.apply([one(1, waiting)], { ...none, waiting: 1 }).touched], ['waiting']);
    const { touched, short } = list.apply([one(1)], { ...none, accepted: 1 });
    assert.deepEqual([...touched].sort(), ['accepted', 'waiting']);
    assert.equal(short.size, 0);
    assert.deepEqual([list.rows('waiting').length, list.rows('accepted').length], [0, 1]);
  });

  it('are the newest page of thousands, however many the engine tells of', () => {
    const list = new SentList();
    list.replace('accepted', { rows: range(1501, 2000), total: 2000 });
    assert.equal(list.hidden('accepted'), 1500);
    list.apply(range(2001, 4000), { ...none, accepted: 4000 });
    assert.equal(list.rows('accepted').length, PAGE);
    assert.equal(list.rows('accepted')[0]?.id, 4000);
    assert.equal(list.hidden('accepted'), 4000 - PAGE);
  });

  it('grow by a page with "Show more", and keep it', () => {
    const list = new SentList();
    list.replace('accepted', { rows: range(1501, 2000), total: 2000 });
    assert.equal(list.last('accepted'), 1501);
    list.append('accepted', { rows: range(1001, 1500), total: 2000 });
    list.apply([one(2001)], { ...none, accepted: 2001 });
    assert.equal(list.rows('accepted').length, 2 * PAGE);
    assert.equal(list.limit('accepted'), 2 * PAGE);
  });

  it('leave out an older row than those loaded: it waits behind "Show more"', () => {
    const list = new SentList();
    list.replace('accepted', { rows: range(1501, 2000), total: 2000 });
    list.apply([one(7)], { ...none, accepted: 2000 });
    assert.equal(list.last('accepted'), 1501);
  });

  it('are to be read again where a group shows fewer than it could', () => {
    const list = new SentList();
    list.replace('waiting', { rows: range(1501, 2000, waiting), total: 2000 });
    const { short } = list.apply(range(1501, 2000), { ...none, waiting: 1500, accepted: 500 });
    assert.deepEqual([...short], ['waiting']);
    assert.equal(list.rows('accepted').length, PAGE);
  });
});
