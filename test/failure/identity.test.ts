import assert from 'node:assert/strict';
import { failureIdentity } from '../../src/failure/identity.ts';

describe("a failure's identity", () => {
  const instance = 'one';
  const check = {
    kind: 'check',
    runId: 'r',
    assetKey: ['a', 'b'],
    checkName: 'c',
    partition: null,
    timestamp: 1795220881.9930243,
  } as const;

  it('is 32 hex digits and stays what it is from release to release', () => {
    assert.equal(failureIdentity(instance, check), 'c613ba77569223b13de328049a1e9876');
    assert.equal(
      failureIdentity(instance, { kind: 'run', runId: 'r', timestamp: 1795220881.5 }),
      '74b832721c97392d63463501edee6659',
    );
  });

  it('differs in every part', () => {
    const others = [
      failureIdentity('two', check),
      failureIdentity(instance, { ...check, runId: '' }),
      failureIdentity(instance, { ...check, assetKey: ['a/b'] }),
      failureIdentity(instance, { ...check, checkName: 'd' }),
      failureIdentity(instance, { ...check, partition: '2026-05-01' }),
      failureIdentity(instance, { ...check, timestamp: 1795220881.993026 }),
      failureIdentity(instance, { kind: 'run', runId: 'r', timestamp: check.timestamp }),
    ];
    assert.equal(new Set([failureIdentity(instance, check), ...others]).size, others.length + 1);
  });

  it('takes the timestamp in whole microseconds', () => {
    assert.equal(
      failureIdentity(instance, check),
      failureIdentity(instance, { ...check, timestamp: 1795220881.993024 }),
    );
  });
});
