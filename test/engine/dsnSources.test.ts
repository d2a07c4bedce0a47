import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type DsnPlaces, findDsn } from '../../src/engine/dsnSources.ts';

describe('where a code location’s DSN is found', () => {
  let folder: string;
  let places: DsnPlaces;
  const secrets = new Map<string | null, string>();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-dsn-'));
    secrets.clear();
    places = {
      workspaceFolders: [folder],
      workingDirectory: () => null,
      secretDsn: async (location) => secrets.get(location) ?? null,
      environmentDsn: undefined,
    };
  });
  afterEach(() => rm(folder, { recursive: true }));

  const env = async (at: string, dsn: string): Promise<void> => {
    await mkdir(path.join(folder, at), { recursive: true });
    await writeFile(path.join(folder, at, '.env'), `OTHER=1\nSENTRY_DSN=${dsn}\n`);
  };

  it('takes the project folder before the workspace, then the secret, then the environment', async () => {
    places = { ...places, environmentDsn: 'from-environment' };
    assert.deepEqual(await findDsn('ai_audi', places), { text: 'from-environment', source: 'environment' });
    secrets.set('ai_audi', 'from-secret');
    assert.deepEqual(await findDsn('ai_audi', places), { text: 'from-secret', source: 'secret storage' });
    await env('.', 'from-workspace');
    assert.deepEqual(await findDsn('ai_audi', places), { text: 'from-workspace', source: '.env' });
    await env('projects/ai_audi', 'from-project');
    assert.deepEqual(await findDsn('ai_audi', places), { text: 'from-project', source: 'projects/ai_audi/.env' });
    await env('elsewhere', 'from-working-directory');
    places = { ...places, workingDirectory: () => path.join(folder, 'elsewhere') };
    assert.deepEqual(await findDsn('ai_audi', places), { text: 'from-working-directory', source: 'elsewhere/.env' });
  });

  it('keeps code locations apart', async () => {
    await env('projects/ai_audi', 'audi');
    assert.equal((await findDsn('ai_audi', places))?.text, 'audi');
    assert.equal(await findDsn('ai_bmw', places), null);
    assert.equal(await findDsn(null, places), null);
  });

  it('takes the secret of the whole workspace for a location that has none of its own', async () => {
    secrets.set(null, 'for-all');
    assert.equal((await findDsn('ai_bmw', places))?.text, 'for-all');
    secrets.set('ai_bmw', 'own');
    assert.equal((await findDsn('ai_bmw', places))?.text, 'own');
  });

  it('reads quoted values as a shell would', async () => {
    await env('.', '"https://k@h/1"');
    assert.equal((await findDsn(null, places))?.text, 'https://k@h/1');
  });

  it('takes an empty value as none there', async () => {
    await env('projects/ai_audi', '');
    await env('.', 'workspace');
    assert.equal((await findDsn('ai_audi', places))?.text, 'workspace');
  });

  it('does not leave the workspace for a code location whose name is a path', async () => {
    await env('outside', 'stolen');
    await mkdir(path.join(folder, 'workspace', 'projects'), { recursive: true });
    const inside = { ...places, workspaceFolders: [path.join(folder, 'workspace')] };
    assert.equal(await findDsn('../../outside', inside), null);
    assert.equal(await findDsn('..', inside), null);
  });

  it('says which file cannot be read, rather than taking another DSN', async () => {
    await mkdir(path.join(folder, '.env'));
    await assert.rejects(findDsn(null, { ...places, environmentDsn: 'other' }), /\.env for SENTRY_DSN: EISDIR/);
  });
});
