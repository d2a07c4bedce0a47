import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Provoker } from '../dagster/provoker.ts';
import { makeProject, type Project } from '../endToEnd/project.ts';
import { eventOf, hashOfRecorded, RECORDER_KEY, Recorder } from '../endToEnd/recorder.ts';
import { HostedEngine, until } from './hostedEngine.ts';

const DISCREPANCIES = 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)';

describe('the engine on a real Dagster instance', function () {
  this.timeout(60_000);
  let project: Project;
  let provoker: Provoker;
  let recorder: Recorder;
  let hosted: HostedEngine;

  before(async () => {
    recorder = await Recorder.start();
    project = await makeProject({ ai_audi: recorder.dsn, ai_bmw: 'https://not a dsn' });
    provoker = await project.instance.serve();
    await provoker.provoke('check-integrity');
  });
  after(async () => {
    await project?.dispose();
    await recorder?.stop();
  });
  beforeEach(async () => {
    hosted = await HostedEngine.start({ workspaceFolders: [project.folder] });
    recorder.requests.length = 0;
  });
  afterEach(() => hosted.dispose());

  it('lists what was recorded before it came apart, and never sends it by itself', async () => {
    await hosted.configure({ deliveryMode: 'automatic', approvedDsns: 'all' });
    const before = await hosted.engine.failures({ status: 'pending', group: 'before', limit: 10, before: null });
    assert.ok(before.total >= 1);
    assert.ok(before.rows.every((row) => row.beforeFiredrill));
    await provoker.provoke('check-discrepancies');
    await recorder.atLeast(1);
    assert.equal(recorder.requests.length, 1, 'only what failed since');
  });

  it('holds what it finds until a person says otherwise; the preview is what is then sent', async () => {
    await provoker.provoke('check-discrepancies');
    const row = await hosted.found(DISCREPANCIES);
    const asked = await hosted.engine.send(row.id, 'default', false);
    assert.ok(asked.outcome === 'needs-approval');
    assert.equal(asked.target.project, '450812');
    assert.equal(asked.target.source, 'projects/ai_audi/.env');
    assert.equal(recorder.requests.length, 0);

    await hosted.configure({ approvedDsns: [asked.target.dsn] });
    const preview = await hosted.engine.preview(row.id, 'default');
    const sent = await hosted.engine.send(row.id, 'default', false);
    assert.ok(sent.outcome === 'queued');
    const [request] = await recorder.atLeast(1);
    assert.ok(request);
    assert.equal(hashOfRecorded(request), preview.request.sha256);
    assert.deepEqual(eventOf(request), preview.event);
    await until(
      async () => (await hosted.engine.deliveries({ group: 'accepted', limit: 5, before: null })).rows[0],
      'the receipt',
    );
    assert.equal((await hosted.engine.preview(row.id, 'default')).row.status, 'sent');
  });

  it('asks before it sends the same again, and then sends it under another event id', async () => {
    await hosted.configure({ approvedDsns: 'all' });
    await provoker.provoke('check-discrepancies');
    const row = await hosted.found(DISCREPANCIES);
    await hosted.engine.send(row.id, 'default', false);
    await recorder.atLeast(1);
    const again = await until(async () => {
      const result = await hosted.engine.send(row.id, 'default', false);
      return result.outcome === 'sent-before' && result;
    }, 'the first delivery to be accepted');
    assert.equal(again.title, row.title);
    assert.equal(recorder.requests.length, 1);
    assert.equal((await hosted.engine.send(row.id, 'default', true)).outcome, 'queued');
    const [first, second] = await recorder.atLeast(2);
    assert.ok(first && second);
    assert.notEqual(eventOf(first).event_id, eventOf(second).event_id);
    assert.deepEqual({ ...eventOf(first), event_id: '' }, { ...eventOf(second), event_id: '' });
  });

  it('sends by hand to the inbox where no DSN is set, and shows what it received', async () => {
    const test = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: null });
    const preview = await hosted.engine.preview(test.id, 'default');
    assert.equal(preview.target.kind, 'inbox');
    assert.equal((await hosted.engine.send(test.id, 'default', false)).outcome, 'queued');
    const [received] = await until(async () => {
      const events = await hosted.engine.inboxEvents(5);
      return events.length > 0 && events;
    }, 'an event in the inbox');
    assert.equal(received?.title, test.title);
    const whole = await hosted.engine.inboxEvent(received?.id ?? 0);
    assert.deepEqual(whole.event, preview.event);
    assert.equal(whole.sha256, preview.request.sha256);
    assert.equal(recorder.requests.length, 0);
  });

  it('sends a changed test failure as its preview shows it, and after that changes a copy only', async () => {
    await hosted.configure({ approvedDsns: 'all' });
    const test = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: 'ai_audi' });
    const made = await hosted.engine.preview(test.id, 'default');
    assert.ok(made.test?.editable);
    const fields = { ...made.test.fields, severity: 'ERROR', tags: { drill: 'night-shift', oem: 'bmw' } } as const;
    const changed = await hosted.engine.editTest(test.id, fields, 'default');
    assert.notEqual(changed.request.sha256, made.request.sha256);
    assert.match(changed.row.title, /\(ERROR\)$/);
    assert.deepEqual(changed.test, { ...made.test, fields, specifiedTags: changed.test?.specifiedTags });
    const gzipped = changed.request.gzipBytes;
    assert.ok(gzipped > 100 && gzipped < changed.request.bytes);

    await hosted.engine.send(test.id, 'default', false);
    const [request] = await recorder.atLeast(1);
    assert.ok(request);
    assert.equal(hashOfRecorded(request), changed.request.sha256);
    assert.deepEqual((eventOf(request).tags as object) ?? {}, { ...(changed.event.tags as object) });

    assert.equal((await hosted.engine.preview(test.id, 'default')).test?.editable, false);
    await assert.rejects(hosted.engine.editTest(test.id, made.test.fields, 'default'), /was sent already/);
    const copy = await hosted.engine.makeTest({ kind: 'copy', of: test.id });
    const again = await hosted.engine.preview(copy.id, 'default');
    assert.ok(again.test?.editable);
    assert.deepEqual(again.event.tags, changed.event.tags);
    const issue = await hosted.engine.sameIssue(copy.id, 10);
    assert.ok(issue.some(({ id }) => id === copy.id));

    const headers = new Map(await hosted.engine.keyedHeaders(copy.id, 'default'));
    assert.match(headers.get('x-sentry-auth') ?? '', new RegExp(`sentry_key=${RECORDER_KEY}$`));
    const text = await hosted.engine.eventText(
      {
        kind: 'delivery',
        id: (await hosted.engine.deliveries({ group: null, limit: 1, before: null })).rows[0]?.id ?? assert.fail(),
      },
      'sorted',
    );
    assert.deepEqual(JSON.parse(text), changed.event);
  });

  it('uses no other DSN instead of a malformed one, and says what is wrong with it', async () => {
    const test = await hosted.engine.makeTest({ kind: 'test', failureKind: 'run', codeLocation: 'ai_bmw' });
    const refused = await hosted.engine.send(test.id, 'default', false);
    assert.ok(refused.outcome === 'refused');
    assert.match(refused.message, /^The DSN in projects\/ai_bmw\/\.env cannot be used: /);
    const preview = await hosted.engine.preview(test.id, 'default');
    assert.equal(preview.target.kind, 'inbox');
    assert.equal(preview.targetNote, refused.message);
    const location = (await hosted.engine.overview()).codeLocations.find(({ name }) => name === 'ai_bmw');
    assert.equal(location?.dsn.state, 'malformed');
  });

  it('skips ticks with the specified reason when deliveries are automatic and no location has a DSN', async () => {
    const bare = await makeProject();
    try {
      await writeFile(path.join(bare.folder, '.env'), `DAGSTER_HOME='${project.instance.home}'\n`);
      await hosted.configure({ deliveryMode: 'automatic', approvedDsns: 'all', workspaceFolders: [bare.folder] });
      await provoker.provoke('check-discrepancies', 'run-exception');
      const check = await hosted.found(DISCREPANCIES);
      assert.equal(check.status, 'pending');
      await hosted.found(/^Dagster run failure: /);
      const last = (sensor: string) => hosted.ticks.findLast((tick) => tick.sensor === sensor)?.end;
      assert.deepEqual(last('asset_check_sentry_sensor'), { kind: 'skipped', reason: 'SENTRY_DSN is not set' });
      assert.deepEqual(last('run_failure_sentry_sensor'), { kind: 'success' });
      assert.deepEqual(await hosted.engine.inboxEvents(5), [], 'automatic delivery never falls back');
      const { deliveries } = await hosted.engine.overview();
      assert.deepEqual(deliveries, { waiting: 0, failed: 0, accepted: 0 });
    } finally {
      await bare.dispose();
    }
  });

  it('goes on where it stopped: nothing is missed, nothing is listed or sent twice', async () => {
    await hosted.configure({ deliveryMode: 'automatic', approvedDsns: 'all' });
    await provoker.provoke('check-discrepancies');
    const known = await hosted.found(DISCREPANCIES);
    await recorder.atLeast(1);
    await hosted.stop();
    await provoker.provoke('check-discrepancies');

    const { stateFolder } = hosted;
    hosted = await HostedEngine.start(hosted.settings, { stateFolder });
    const missed = await hosted.found(DISCREPANCIES);
    assert.notEqual(missed.id, known.id);
    await recorder.atLeast(2);
    const ids = recorder.requests.map((request) => eventOf(request).event_id);
    assert.equal(new Set(ids).size, 2);
    assert.equal(ids.length, 2);
  });

  it('dismisses and undoes it', async () => {
    await provoker.provoke('check-discrepancies');
    const row = await hosted.found(DISCREPANCIES);
    const pending = async () => (await hosted.engine.overview()).pending.check;
    assert.equal(await pending(), 1);
    await hosted.engine.dismiss([row.id]);
    assert.equal(await pending(), 0);
    await hosted.engine.restore([row.id]);
    assert.equal(await pending(), 1);
  });

  it('stops and starts a sensor, and reads what was missed; ticks by hand', async () => {
    const sensor = 'asset_check_sentry_sensor';
    await hosted.engine.setSensorRunning(sensor, false);
    await provoker.provoke('check-discrepancies');
    await until(async () => (await hosted.engine.overview()).sensors[0]?.behind.rows, 'the lag to show');
    assert.deepEqual(hosted.failures, []);
    const tick = await hosted.engine.tickNow(sensor);
    assert.equal(tick.trigger, 'manual');
    assert.equal(tick.failuresFound, 1);
    const [found] = await hosted.engine.tickFailures(tick.id);
    assert.equal(found?.title, DISCREPANCIES);
    await hosted.engine.setSensorRunning(sensor, true);
    await provoker.provoke('check-unresolved-refs');
    await hosted.found(/unresolved_refs/);
  });

  it('notices that the instance is gone, says so, and follows it again when it is back', async () => {
    const { home } = project.instance;
    await rename(home, `${home}-away`);
    try {
      const lost = await until(async () => {
        const { instance } = await hosted.engine.overview();
        return instance.state === 'lost' && instance;
      }, 'the loss to be noticed');
      assert.ok(lost.message.includes(home));
    } finally {
      await rename(`${home}-away`, home);
    }
    await until(async () => (await hosted.engine.overview()).instance.state === 'following', 'following again');
    await provoker.provoke('check-discrepancies');
    await hosted.found(DISCREPANCIES);
  });
});
