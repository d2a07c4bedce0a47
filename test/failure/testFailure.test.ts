import assert from 'node:assert/strict';
import { renderAlert } from '../../src/channels/sentry/render.ts';
import { failureId, runId } from '../../src/failure/ids.ts';
import { testCheckFailure, testRunFailure } from '../../src/failure/testFailure.ts';
import { settings, target } from '../channels/sentry/failures.ts';

const now = Date.UTC(2026, 4, 1, 6, 30, 15, 250);
const input = {
  id: failureId('test/1'),
  runId: runId('7c1811ed-e98f-4c9c-a9f9-58c757ff494f'),
  now,
  codeLocation: 'ai_audi',
};
const render = (failure: Parameters<typeof renderAlert>[0]['failure']) =>
  renderAlert({ failure, target, settings: { ...settings, environment: 'production' }, resend: 0, now });

describe('testCheckFailure', () => {
  it('is rendered as the specified event of discrepancies, marked as a test', () => {
    const { event, cuts } = render(testCheckFailure(input));
    const { records } = event.extra.metadata as { records: readonly object[] };
    assert.ok(records.length > 0);
    assert.deepEqual(event, {
      event_id: event.event_id,
      timestamp: now / 1000,
      platform: 'python',
      level: 'warning',
      message: 'Dagster asset check failure: discrepancies on firedrill/test/prices (WARN)',
      environment: 'firedrill-test',
      sdk: { name: 'firedrill', version: '1.2.3' },
      tags: { oem: 'audi', check_name: 'discrepancies', severity: 'WARN', partition_date: '2026-05-01' },
      extra: {
        asset_key: 'firedrill/test/prices',
        run_id: '7c1811ed-e98f-4c9c-a9f9-58c757ff494f',
        partition_date: '2026-05-01',
        metadata: { records },
      },
    });
    assert.deepEqual(cuts, []);
  });
});

describe('testRunFailure', () => {
  it('is rendered as the specified event of a failed step, marked as a test', () => {
    const { event, cuts } = render(testRunFailure({ ...input, codeLocation: null }));
    assert.deepEqual(event, {
      event_id: event.event_id,
      timestamp: now / 1000,
      platform: 'python',
      level: 'error',
      message: 'Dagster run failure: firedrill/test/prices (FiredrillTestError)',
      environment: 'firedrill-test',
      sdk: { name: 'firedrill', version: '1.2.3' },
      tags: { job_name: 'firedrill_test', oem: 'firedrill', partition_date: '2026-05-01' },
      extra: {
        run_id: '7c1811ed-e98f-4c9c-a9f9-58c757ff494f',
        job_name: 'firedrill_test',
        error: 'FiredrillTestError: A test failure made with Firedrill. No run has failed.',
        partition_date: '2026-05-01',
      },
    });
    assert.deepEqual(cuts, []);
  });
});
