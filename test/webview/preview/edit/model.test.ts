import assert from 'node:assert/strict';
import type { CheckFields, RunFields } from '../../../../src/failure/testFields.ts';
import { marksOf } from '../../../../src/webview/preview/edit/marks.ts';
import { type CheckDraft, type Draft, draftOf, nextId, readDraft } from '../../../../src/webview/preview/edit/model.ts';

const specified = { oem: 'audi', check_name: 'discrepancies', severity: 'WARN', partition_date: '2026-05-01' };
const before: CheckFields = {
  kind: 'check',
  severity: 'WARN',
  partition: '2026-05-01',
  metadata: [
    { name: 'count', type: 'int', value: 3 },
    { name: 'records', type: 'json', value: [{ a: 1 }] },
  ],
  tags: {},
};
const draft = (fields: Partial<CheckFields> = {}): CheckDraft => {
  const made = draftOf({ ...before, ...fields }, before, specified);
  assert.equal(made.kind, 'check');
  return made;
};
const said = (of: Draft) => Object.fromEntries(marksOf(of, before, specified));

describe('the form of a test failure', () => {
  it('reads back what it was made from, and marks nothing', () => {
    assert.deepEqual(readDraft(draft(), specified), { fields: before, problems: new Map() });
    assert.deepEqual(said(draft()), {});
    const fields: CheckFields = {
      kind: 'check',
      severity: 'ERROR',
      partition: null,
      metadata: [{ name: 'big', type: 'int', value: '1152921504606846977' }],
      tags: { oem: 'bmw', check_name: null, drill: 'night' },
    };
    assert.deepEqual(readDraft(draft(fields), specified).fields, fields);
  });

  it('has a row for each tag but those that follow from a field', () => {
    assert.deepEqual(
      draft({ tags: { drill: 'night' } }).tags.map(({ name, text, specified: own }) => [name, text, own]),
      [
        ['oem', 'audi', true],
        ['check_name', 'discrepancies', true],
        ['drill', 'night', false],
      ],
    );
  });

  it('says of each change what was there before', () => {
    const changed = draft({
      severity: 'ERROR',
      partition: null,
      metadata: [
        { name: 'count', type: 'int', value: 4 },
        { name: 'new', type: 'text', value: '' },
      ],
      tags: { oem: 'bmw', check_name: null, drill: 'night' },
    });
    assert.deepEqual(said(changed), {
      severity: 'was WARN',
      partition: 'was 2026-05-01',
      'metadata 0': 'was 3',
      'metadata 1': 'added',
      'metadata 2': 'removed',
      'tag 0': 'was audi',
      'tag 1': 'removed',
      'tag 2': 'added',
    });
  });

  it('tells what cannot be read, where it stands', () => {
    const { metadata, tags } = draft();
    const problems = (change: Partial<CheckDraft>) =>
      Object.fromEntries(readDraft({ ...draft(), ...change }, specified).problems);
    const row = { id: 9, name: 'count', text: 'x', removed: false };
    assert.deepEqual(problems({ metadata: metadata.map((entry) => ({ ...entry, text: '{' })) }), {
      'metadata 0': 'A whole number.',
      'metadata 1': problems({ metadata: metadata.map((entry) => ({ ...entry, text: '{' })) })['metadata 1'],
    });
    assert.deepEqual(problems({ metadata: [...metadata, { ...row, type: 'text' }] }), {
      'metadata 9 name': 'There is another one of this name.',
    });
    const tag = (name: string) => problems({ tags: [...tags, { ...row, name, specified: false }] })['tag 9'];
    assert.equal(tag('drill'), undefined);
    assert.equal(tag('oem'), 'There is another one of this name.');
    assert.equal(tag('severity'), 'It follows from the fields above.');
    assert.equal(tag('no blanks'), 'Letters, digits and _ . : - only.');
    assert.equal(tag(''), 'Letters, digits and _ . : - only.');
  });

  it('has the job, the step and the error of a run failure, and says what they were', () => {
    const run: RunFields = {
      kind: 'run',
      partition: null,
      jobName: 'firedrill_test',
      stepKey: 'audi__prices',
      errorClass: 'ValueError',
      errorText: 'no price\n',
      tags: {},
    };
    const tags = { job_name: 'firedrill_test', oem: 'audi' };
    const made = draftOf(run, run, tags);
    assert.equal(made.kind, 'run');
    assert.deepEqual(readDraft(made, tags), { fields: run, problems: new Map() });
    assert.deepEqual(
      made.tags.map(({ name }) => name),
      ['oem'],
      'job_name follows from the job',
    );
    const typed = { ...made, jobName: ' nightly ', stepKey: '', errorClass: 'KeyError', errorText: 'model' };
    const { fields } = readDraft(typed, tags);
    assert.deepEqual(fields, { ...run, jobName: 'nightly', stepKey: null, errorClass: 'KeyError', errorText: 'model' });
    assert.deepEqual(Object.fromEntries(marksOf(typed, run, tags)), {
      job: 'was firedrill_test',
      step: 'was audi__prices',
      'error-class': 'was ValueError',
      'error-text': 'was no price',
    });
    assert.deepEqual(Object.fromEntries(readDraft({ ...made, jobName: '', errorClass: ' ' }, tags).problems), {
      job: 'It needs a name.',
      'error-class': 'It needs a name.',
    });
  });

  it('gives a new row an id that no other has', () => {
    assert.equal(nextId([]), 0);
    assert.equal(nextId(draft().metadata), 2);
  });
});
