import assert from 'node:assert/strict';
import { eventView } from '../../../src/webview/preview/eventModel.ts';
import { received } from '../harness/receivedSamples.ts';
import { discrepancies, everyType, many, previewOf, runFailure } from '../harness/samples.ts';

const view = (failure: Parameters<typeof previewOf>[0]) =>
  eventView(previewOf(failure).event, failure.kind === 'check' ? failure.metadata : null, []);

describe('the event, read', () => {
  it('has its tags in order', () => {
    assert.deepEqual(view(discrepancies).tags, [
      ['oem', 'audi'],
      ['check_name', 'discrepancies'],
      ['severity', 'WARN'],
      ['partition_date', '2026-05-01'],
    ]);
  });

  it('shows a list of records as a table, whole, and knows how much of it is sent', () => {
    const [section] = view(discrepancies).sections;
    assert.ok(section?.kind === 'records');
    assert.deepEqual(
      [section.name, section.records.rows.length, section.sent, section.path],
      ['metadata.records', 64, 50, '/extra/metadata/records'],
    );
    assert.deepEqual(
      section.records.columns.map(({ name, numeric }) => [name, numeric]),
      [
        ['model', false],
        ['price_a', true],
        ['price_b', true],
        ['src', false],
        ['tags', false],
      ],
    );
  });

  it('knows a table’s columns by its schema', () => {
    const [section] = view(many).sections;
    assert.ok(section?.kind === 'records');
    assert.deepEqual([section.records.rows.length, section.sent], [10_000, 50]);
    assert.deepEqual(section.records.columns[0], {
      name: 'vin',
      type: 'string',
      description: 'vehicle',
      numeric: false,
    });
  });

  it('keeps Dagster’s type of every metadata entry', () => {
    const { metadata, sections } = view(everyType);
    const shown = [...metadata.map(({ name }) => name), ...sections.map(({ name }) => name)];
    assert.equal(shown.length, everyType.metadata.length);
    assert.equal(metadata.find(({ name }) => name === 'big_int')?.type, 'int');
    assert.equal(metadata.find(({ name }) => name === 'nb')?.type, 'notebook');
  });

  it('gives an error of several lines a section of its own', () => {
    const { extra, sections } = view(runFailure());
    assert.deepEqual(
      extra.map(({ name, type }) => [name, type]),
      [
        ['run_id', 'run'],
        ['job_name', 'text'],
      ],
    );
    assert.deepEqual(
      sections.map(({ kind, name }) => [kind, name]),
      [['text', 'error']],
    );
  });

  it('knows of which row or section only a part is shown', () => {
    const long = { path: '/extra/metadata/records/3/text', shown: 1, actual: 2, unit: 'characters' } as const;
    const error = { path: '/extra/error', shown: 1, actual: 2, unit: 'characters' } as const;
    const { shortened } = eventView(previewOf(discrepancies).event, discrepancies.metadata, [long, error]);
    assert.deepEqual([...shortened.keys()], ['/extra/metadata/records', '/extra/error']);
  });

  it('reads what another sender sent: metadata by its JSON types, and the fields that are its own', () => {
    const { metadata, sections, other, recorded } = eventView(received().event, null, []);
    assert.equal(recorded, false);
    assert.deepEqual(
      metadata.map(({ name, type }) => [name, type]),
      [['count', 'int']],
    );
    assert.deepEqual(
      sections.map((section) => [section.name, section.kind === 'records' && section.sent]),
      [['metadata.records', 10]],
    );
    assert.deepEqual(
      other.map(({ name }) => name),
      ['contexts', 'modules', 'server_name'],
    );
  });
});
