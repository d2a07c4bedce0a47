import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { Preview, TestFields, TestSubject } from '../../src/engine/api.ts';
import type { FailureId } from '../../src/failure/ids.ts';
import { specimenOf } from '../../src/failure/specimen.ts';
import { eventOf, hashOfRecorded, Recorder } from '../endToEnd/recorder.ts';
import { HostedEngine, until } from './hostedEngine.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const named = text.filter((each) => each !== '');
const partition = fc.option(named);
const stepKey = fc.option(named);
const tags = fc.dictionary(
  fc.string({ unit: fc.constantFrom(...'abz_.:-09'), minLength: 1, maxLength: 12 }),
  fc.option(text),
  { noNullPrototype: true },
);
const metadata = fc.uniqueArray(
  fc.record({
    name: text,
    type: fc.constantFrom('text', 'json', 'md', 'url'),
    value: fc.jsonValue({ maxDepth: 3 }).map((value): string => JSON.stringify(value)),
  }),
  { maxLength: 4, selector: ({ name }) => name },
);
const check: fc.Arbitrary<TestFields> = fc.record({
  kind: fc.constant('check'),
  severity: fc.constantFrom('WARN', 'ERROR'),
  partition,
  metadata,
  tags,
});
const run: fc.Arbitrary<TestFields> = fc.record({
  kind: fc.constant('run'),
  partition,
  jobName: named,
  stepKey,
  errorClass: named,
  errorText: text,
  tags,
});

describe('a test failure, changed by a person', function () {
  this.timeout(30_000);
  let folder: string;
  let recorder: Recorder;
  let hosted: HostedEngine;

  before(async () => {
    recorder = await Recorder.start();
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-test-failures-'));
    await writeFile(path.join(folder, '.env'), `SENTRY_DSN=${recorder.dsn}\n`);
    hosted = await HostedEngine.start({ workspaceFolders: [folder], approvedDsns: 'all' });
  });
  after(async () => {
    await hosted?.dispose();
    await recorder?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Sends what a preview shows, and compares what arrived with it. */
  async function arrivesAsShown(id: FailureId, shown: Preview): Promise<void> {
    assert.equal((await hosted.engine.send(id, 'default', false)).outcome, 'queued');
    const request = await until(
      () => recorder.requests.find((each) => eventOf(each).event_id === shown.event.event_id),
      'the request',
    );
    assert.equal(hashOfRecorded(request), shown.request.sha256);
    assert.deepEqual(eventOf(request), shown.event);
  }

  it('is sent as its preview shows it, and so is the specimen that is kept of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(check, run), async (fields) => {
        const subject: TestSubject = { kind: 'test', failureKind: fields.kind, codeLocation: null };
        const { id } = await hosted.engine.makeTest(subject);
        const changed = await hosted.engine.editTest(id, fields, 'default');
        assert.deepEqual(changed.test?.fields, structuredClone(fields)); // fast-check makes objects without prototype
        await arrivesAsShown(id, changed);

        const specimen = specimenOf(await hosted.engine.failure(id));
        const kept = await hosted.engine.makeTest({ kind: 'specimen', specimen });
        const again = await hosted.engine.preview(kept.id, 'default');
        const { tags: sentTags, message, level } = changed.event;
        assert.deepEqual([again.event.tags, again.event.message, again.event.level], [sentTags, message, level]);
        await arrivesAsShown(kept.id, again);
      }),
      { numRuns: 25 },
    );
  });

  it('knows the issue it would join, and how many others are pending for it', async () => {
    const make = () => hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: 'issue-of-several' });
    const { id } = await make();
    const before = await hosted.engine.failureIssue(id);
    const other = await make();
    assert.deepEqual(await hosted.engine.failureIssue(id), { ...before, otherPending: before.otherPending + 1 });
    await hosted.engine.dismiss([other.id]);
    assert.deepEqual(await hosted.engine.failureIssue(id), before);
    assert.deepEqual(await hosted.engine.failureIssue(other.id), { ...before, otherPending: before.otherPending + 1 });
    const shown = (await hosted.engine.preview(id, 'default')).grouping;
    assert.deepEqual({ title: shown.title, otherPending: shown.otherPending }, before);
  });

  it('gives out whole what its preview shows in part', async () => {
    const { id } = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: null });
    const { test } = await hosted.engine.preview(id, 'default');
    assert.ok(test?.fields.kind === 'check');
    const long = 'x'.repeat(150_000);
    const records = Array.from({ length: 60 }, (_, row) => ({ vin: row, note: `note ${row}` }));
    const fields: TestFields = {
      ...test.fields,
      metadata: [
        { name: 'a/b', type: 'text', value: long },
        { name: 'rows', type: 'json', value: records },
      ],
    };
    const { shortened, event } = await hosted.engine.editTest(id, fields, 'default');
    const path = '/extra/metadata/a~1b';
    assert.deepEqual(shortened, [{ path, shown: 100_000, actual: 150_000, unit: 'characters' }]);
    const source = { kind: 'failure', id } as const;
    assert.equal(await hosted.engine.valueText(source, path), long);
    assert.equal(
      await hosted.engine.valueText(source, '/extra/metadata/rows/55/note'),
      'note 55',
      'beyond what is sent',
    );
    assert.deepEqual(JSON.parse(await hosted.engine.valueText(source, '/extra/metadata/rows/3')), records[3]);
    assert.equal(await hosted.engine.valueText(source, '/message'), event.message);
    for (const none of ['/extra/metadata/none', '/extra/metadata/rows/99', '/extra/metadata/rows/length', '/toString'])
      await assert.rejects(hosted.engine.valueText(source, none), /no longer in the event/, none);
  });

  it('changes what it is called, in the list too', async () => {
    const { id } = await hosted.engine.makeTest({ kind: 'test', failureKind: 'run', codeLocation: null });
    const { test } = await hosted.engine.preview(id, 'default');
    assert.ok(test?.fields.kind === 'run');
    const fields = {
      ...test.fields,
      stepKey: 'audi__2024__prices',
      errorClass: 'TimeoutError',
      errorText: 'no answer',
    };
    const { row, event, grouping } = await hosted.engine.editTest(id, fields, 'default');
    assert.equal(row.title, 'Dagster run failure: audi/2024/prices (TimeoutError)');
    assert.deepEqual([row.label, row.detail], ['audi/2024/prices', 'TimeoutError']);
    assert.equal(grouping.title, 'audi/…/prices (TimeoutError)');
    assert.deepEqual(event.extra, { ...(event.extra as object), error: 'TimeoutError: no answer' });
    const listed = await hosted.engine.failures({ status: 'all', group: null, limit: 1, before: null });
    assert.deepEqual(listed.rows[0], row);
  });
});
