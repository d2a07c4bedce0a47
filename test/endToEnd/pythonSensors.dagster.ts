import assert from 'node:assert/strict';
import path from 'node:path';
import * as v from 'valibot';
import { exec } from '../../scripts/exec.ts';
import { pythonEnv } from '../../scripts/python.ts';
import type { EventSource, FailureRow } from '../../src/engine/api.ts';
import { DagsterInstance } from '../dagster/dagsterInstance.ts';
import { pythonEnvironment } from '../dagster/provoker.ts';
import { HostedEngine, until } from '../engine/hostedEngine.ts';

const line = v.object({ storage_id: v.number(), kind: v.picklist(['check', 'run']), event_id: v.string() });

/** One place where the Python SDK's event is another than Firedrill's, and why that is so. */
interface Difference {
  readonly path: string;
  readonly reason: string;
}

/**
 * Why two values differ; `unexplained` is a defect. The specified sensors hand the same event to both: what differs is
 * what the Python SDK or Python itself makes of it on the way.
 */
function differences(ours: unknown, python: unknown, at: string): Difference[] {
  if (Object.is(ours, python)) return [];
  const because = (reason: string): Difference[] => [{ path: at, reason }];
  if (at === '/run_id' && ours === undefined && python === '')
    return because('Dagster calls a missing run ""; it is left out');
  if (Array.isArray(ours) && Array.isArray(python)) {
    const cut = python.length === 10 && ours.length > 10;
    const same = python.flatMap((item, index) => differences(ours[index], item, `${at}/*`));
    if (cut) return [...because('the Python SDK cuts lists to 10'), ...same];
    return python.length === ours.length ? same : because('unexplained');
  }
  if (isObject(ours) && isObject(python)) {
    const kept = Object.keys(python);
    const cut = kept.length === 10 && Object.keys(ours).length > 10;
    const names = cut ? kept : [...new Set([...Object.keys(ours), ...kept])];
    const same = names.flatMap((name) => differences(ours[name], python[name], `${at}/${name}`));
    return cut ? [...because('the Python SDK cuts objects to 10 names'), ...same] : same;
  }
  if (typeof ours === 'string' && typeof python === 'number')
    return because('beyond what JSON numbers hold: sent as text');
  if (typeof ours === 'string' && python === null)
    return because('the Python SDK sends nan and inf as null: here as text');
  if (typeof python === 'string' && typeof ours === 'object')
    return because('the Python SDK cuts nesting, or sends Python’s text form');
  if (typeof python === 'string' && typeof ours === 'string') {
    if (python === JSON.stringify(ours) || python === `'${ours}'`) return because('quoted by the Python SDK');
    if (python.endsWith('...') && ours.startsWith(python.slice(0, -3)))
      return because('the Python SDK shortens long text');
    if (ours === python.toWellFormed()) return because('lone surrogates are no Unicode: replaced');
    if (at.endsWith('/an_asset')) return because('Python’s text form of an asset key; here Dagster’s user string');
  }
  return because(`unexplained: ${JSON.stringify(ours)?.slice(0, 200)} / ${JSON.stringify(python)?.slice(0, 200)}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

describe('the two sensors of the specification, in Python, beside Firedrill', function () {
  this.timeout(120_000);
  let instance: DagsterInstance;
  let hosted: HostedEngine;

  before(async () => {
    instance = await DagsterInstance.withHistory();
    hosted = await HostedEngine.start({ dagsterHome: instance.home });
    await hosted.engine.lookBack(24 * 365);
  });
  after(async () => {
    await hosted?.dispose();
    await instance?.dispose();
  });

  it('send the same for every failure: message, level, tags and specified extra', async () => {
    const { inbox } = await hosted.engine.overview();
    assert.ok(inbox.state === 'listening');
    const { python } = await pythonEnv();
    const program = path.join(import.meta.dirname, '..', 'dagster', 'send_with_python.py');
    const ran = await exec(python, [program, '--home', instance.home, '--dsn', inbox.dsn], {
      env: pythonEnvironment(instance.home),
    });
    assert.equal(ran.code, 0, ran.stderr);
    const sent = ran.stdout
      .trim()
      .split('\n')
      .map((text) => v.parse(line, JSON.parse(text)));

    const { rows } = await hosted.engine.failures({ status: 'all', group: null, limit: 1000, before: null });
    const own = new Map<number | null, FailureRow>(rows.map((row) => [row.storageId, row]));
    assert.ok(sent.length > 50);
    assert.deepEqual([...own.keys()].sort(), sent.map(({ storage_id: id }) => id).sort(), 'the same failures');
    const received = await until(async () => {
      const events = await hosted.engine.inboxEvents(1000);
      return events.length >= sent.length && events;
    }, 'all that Python sent');

    const unexplained: string[] = [];
    const table = new Map<string, number>();
    for (const { storage_id: id, event_id: eventId } of sent) {
      const row = own.get(id);
      const seen = received.find((event) => event.eventId === eventId);
      assert.ok(row && seen, `row ${id}`);
      const ours = await whole(hosted, { kind: 'failure', id: row.id });
      const theirs = await whole(hosted, { kind: 'inbox', id: seen.id });
      assert.equal(String(ours.message), String(theirs.message).toWellFormed());
      assert.equal(ours.level, theirs.level, row.title);
      assert.deepEqual(ours.tags, wellFormed(theirs.tags), row.title);
      for (const { path: at, reason } of differences(ours.extra, withoutPython(theirs.extra), '')) {
        if (reason.startsWith('unexplained')) unexplained.push(`${row.title}: ${at}: ${reason}`);
        table.set(reason, (table.get(reason) ?? 0) + 1);
      }
    }
    assert.deepEqual(unexplained, []);
    console.log(`      ${sent.length} failures equal in message, level and tags; in extra, values that differ:`);
    for (const [reason, count] of table) console.log(`        ${String(count).padStart(4)}  ${reason}`);
  });
});

/** A whole event: a preview shows only the beginning of what is very large. */
async function whole({ engine }: HostedEngine, source: EventSource): Promise<Record<string, unknown>> {
  return v.parse(v.record(v.string(), v.unknown()), JSON.parse(await engine.eventText(source, 'as sent')));
}

/** The SDK adds `sys.argv` to extra: nothing of the specification's. */
function withoutPython(extra: unknown): unknown {
  if (!isObject(extra)) return extra;
  const { 'sys.argv': _, ...rest } = extra;
  return rest;
}

const wellFormed = (tags: unknown): unknown =>
  isObject(tags)
    ? Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value).toWellFormed()]))
    : tags;
