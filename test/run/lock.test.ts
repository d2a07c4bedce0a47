import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { root } from '../../scripts/paths.ts';
import { dagsterVersions, lockedPackages } from '../../scripts/python.ts';

const Names = v.optional(v.record(v.string(), v.string()), {});
const Lock = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string()),
      integrity: v.optional(v.string()),
      resolved: v.optional(v.string()),
      optionalDependencies: Names,
    }),
  ),
});
const Manifest = v.object({ dependencies: Names, devDependencies: Names, optionalDependencies: Names });

describe('what is locked', () => {
  for (const [folder, what, atLeast] of [
    ['.', 'in the repository', 11],
    ['test/host/vscode-server', 'for the VS Code server', 11],
    ['test/dagster/postgres/package', "for the tests' Postgres", 5],
  ] as const) {
    describe(what, () => {
      const read = async (name: string) => JSON.parse(await readFile(path.join(root, folder, name), 'utf8'));

      it('is exact in package.json', async () => {
        const manifest = v.parse(Manifest, await read('package.json'));
        const versions = Object.values(manifest).flatMap((names) => Object.values(names));
        assert.ok(versions.length >= atLeast);
        assert.deepEqual(
          versions.filter((version) => !/^(npm:[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
          [],
        );
      });

      it('has a hash and no address for each package', async () => {
        const { packages } = v.parse(Lock, await read('package-lock.json'));
        const entries = Object.entries(packages).filter(([place]) => place !== '');
        assert.deepEqual(
          entries.filter(([, entry]) => !entry.integrity?.startsWith('sha512-')).map(([place]) => place),
          [],
        );
        assert.deepEqual(
          entries.filter(([, entry]) => entry.resolved !== undefined).map(([place]) => place),
          [],
        );
      });

      // npm leaves out of a lock what it could not find, and refuses that lock from then on.
      it("has each platform's binaries", async () => {
        const { packages } = v.parse(Lock, await read('package-lock.json'));
        const missing = Object.entries(packages).flatMap(([place, { optionalDependencies }]) =>
          Object.keys(optionalDependencies).filter(
            (name) => !(`${place}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
          ),
        );
        assert.deepEqual(missing, []);
      });
    });
  }

  it('is exact in the lists of Python packages, without addresses', async () => {
    for (const version of dagsterVersions) {
      const text = await lockedPackages(version);
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      assert.ok(lines.length > 40);
      assert.ok(lines.includes(`dagster==${version}`) && lines.includes(`dagster-webserver==${version}`));
      assert.equal(lines.filter((line) => line.startsWith('dagster')).length, 5);
      assert.deepEqual(
        lines.filter((line) => !/^[\w.-]+==[\w.]+( ; .+)?$/.test(line)),
        [],
      );
    }
  });
});
