import assert from 'node:assert/strict';
import { keptCharacters, measuresText, pathText } from '../../../src/webview/preview/facts.ts';
import { latest } from '../../../src/webview/preview/receipt.ts';
import { primary } from '../../../src/webview/preview/target.ts';
import { delivery, discrepancies, hugeRun, inbox, previewOf, sentry, testFailure } from '../harness/samples.ts';

const accepted = { kind: 'accepted', at: 0, status: 200, durationMs: 3, mayRepeat: false } as const;
const toInbox = { target: { kind: 'inbox' } } as const;

describe('the primary button', () => {
  it('names what it does', () => {
    assert.equal(primary(previewOf(discrepancies)).label, 'Send');
    assert.equal(primary(previewOf(testFailure)).label, 'Send test');
    assert.equal(primary(previewOf(discrepancies, { target: inbox })).label, 'Send to inbox');
    assert.equal(primary(previewOf(discrepancies, { deliveries: [delivery(accepted)] })).label, 'Send again…');
  });

  it('counts only what was sent to the target that is shown', () => {
    assert.equal(primary(previewOf(discrepancies, { deliveries: [delivery(accepted, toInbox)] })).label, 'Send');
  });

  it('sends to the target that is shown', () => {
    assert.deepEqual(primary(previewOf(discrepancies)).message, { type: 'send', target: 'sentry' });
    assert.deepEqual(primary(previewOf(discrepancies, { target: inbox })).message, { type: 'send', target: 'inbox' });
  });

  it('rests while a delivery is on its way', () => {
    for (const state of [{ kind: 'sending' }, { kind: 'waiting', until: null, reason: null }] as const) {
      assert.ok(primary(previewOf(discrepancies, { deliveries: [delivery(state), delivery(accepted)] })).busy);
    }
    assert.ok(!primary(previewOf(discrepancies, { deliveries: [delivery(accepted)] })).busy);
  });
});

describe('receipts', () => {
  it('are the newest of each target', () => {
    const all = [
      delivery(accepted, toInbox),
      delivery({ kind: 'failed', at: 0, status: 403, reason: 'no' }),
      delivery(accepted),
      delivery(accepted, toInbox),
    ];
    assert.deepEqual(latest(all), all.slice(0, 2));
    assert.equal(sentry.dsn, all[1]?.target.kind === 'sentry' ? all[1].target.dsn : '');
  });
});

describe('what Sentry keeps', () => {
  it('is told by the measures that come near a limit', () => {
    const preview = previewOf(testFailure);
    const { event, longestValue } = preview.measures;
    assert.equal(
      measuresText(preview.measures),
      `${event.actual} B of 1 MiB, longest value ${longestValue.actual} B of 16.4 kB, nesting 3 of 7, 4 tags`,
    );
  });

  it('is told for each text that is cut', () => {
    assert.equal(keptCharacters(previewOf(hugeRun)).get('/extra/error'), 16_381);
  });

  it('writes a pointer as a path', () => {
    assert.equal(pathText('/extra/metadata/a~1b~0c/0'), 'extra.metadata.a/b~c.0');
  });
});
