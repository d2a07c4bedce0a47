import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { judge } from './outcome.ts';
import { runStages } from './run.ts';
import type { Stage } from './stages.ts';

const good = { good: true, how: 'exit code 0' };

function stage(name: string, run: Stage['run'], needs: Stage['needs'] = []): Stage {
  return { name, title: name, needs, run };
}

describe('judging what a run left', () => {
  it('believes no run that held no test, unless fewer were asked for', () => {
    assert.deepEqual(judge({ rows: [], finished: true }, good), { passed: 0, failures: ['no test ran'] });
    assert.deepEqual(judge({ rows: [], finished: true }, good, true), { passed: 0, failures: [] });
  });

  it('believes no run that ended badly though no test failed', () => {
    const { failures } = judge({ rows: [{ title: 'a', ms: 1 }], finished: true }, { good: false, how: 'exit code 7' });
    assert.equal(failures.length, 1);
    assert.match(failures[0] ?? '', /exit code 7/);
  });

  it('counts a failed test once, though the run ended badly for it', () => {
    const rows = [
      { title: 'a', ms: 1 },
      { title: 'b', ms: 1, error: 'no' },
    ];
    const bad = { good: false, how: 'exit code 1' };
    assert.deepEqual(judge({ rows, finished: true }, bad), { passed: 1, failures: ['b\nno'] });
  });
});

describe('running stages', () => {
  const preparations = {
    build: async () => {},
    python: async () => Promise.reject(new Error('Python is missing')),
    vscode: async () => {},
    history: async () => {},
    postgres: async () => {},
    bugsink: async () => {},
  };

  it('sums them, one that throws or whose preparation failed counting as one failure', async () => {
    const ran: string[] = [];
    const lines: string[] = [];
    const sum = await runStages({
      preparations,
      write: (line) => lines.push(line),
      stages: [
        stage('a', async () => ({ passed: 3, failures: ['a test\nits error'] }), ['build']),
        stage('b', async () => Promise.reject(new Error('broken'))),
        stage('c', async () => {
          ran.push('c');
          return { passed: 9, failures: [] };
        }, ['vscode', 'python']),
        stage('d', async () => ({ passed: 2, failures: [] })),
      ],
    });
    const failures = ['a: a test\nits error', 'b: broken', 'c: Python is missing'];
    assert.deepEqual(sum, { passed: 5, failures });
    assert.deepEqual(ran, []);
    assert.match(lines.join('\n'), /a: 3 passed, 1 failed in .*b: 0 passed, 1 failed in .*c: 0 passed, 1 failed in /s);
  });

  it('runs several at a time when asked to, and writes what each said in one piece', async () => {
    const lines: string[] = [];
    const both = Promise.withResolvers<void>();
    let begun = 0;
    const say = (name: string): Stage =>
      stage(name, async ({ output }) => {
        for (const word of ['one', 'two']) {
          writeSync(output ?? assert.fail('no file'), `${name} says ${word}\n`);
          if (word === 'one' && ++begun === 2) both.resolve();
          await both.promise;
        }
        return { passed: 1, failures: [] };
      });
    const sum = await runStages({
      preparations,
      write: (line) => lines.push(line),
      stages: [say('a'), say('b'), say('c')],
      atOnce: 2,
    });
    assert.deepEqual(sum, { passed: 3, failures: [] });
    for (const name of ['a', 'b', 'c']) assert.ok(lines.includes(`\n${name} says one\n${name} says two\n`));
  });

  it('runs one that measures when all others have ended, though it is named first', async () => {
    const ran: string[] = [];
    const run = (name: string) => async () => {
      ran.push(`${name} begins`);
      await pause(20);
      ran.push(`${name} ends`);
      return { passed: 1, failures: [] };
    };
    const measuring: Stage = { ...stage('measuring', run('measuring')), alone: true };
    const stages = [measuring, stage('a', run('a')), stage('b', run('b'))];
    await runStages({ preparations, write: () => {}, atOnce: 2, stages });
    assert.deepEqual(ran.slice(-2), ['measuring begins', 'measuring ends']);
  });

  it('prepares side by side, once, and only what the stages need', async () => {
    const started: string[] = [];
    const both = Promise.withResolvers<void>();
    const begin = (name: string) => async () => {
      started.push(name);
      if (started.length === 2) both.resolve();
      await both.promise; // each waits for the other: one after the other would never end
    };
    await runStages({
      preparations: {
        build: begin('build'),
        vscode: begin('vscode'),
        python: begin('python'),
        history: async () => {},
        postgres: async () => {},
        bugsink: async () => {},
      },
      write: () => {},
      stages: [
        stage('a', async () => ({ passed: 1, failures: [] }), ['build']),
        stage('b', async () => ({ passed: 1, failures: [] }), ['build', 'vscode']),
      ],
    });
    assert.deepEqual(started, ['build', 'vscode']);
  });
});
