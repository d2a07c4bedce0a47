// `npm run audit`: whether anything in the package has a known vulnerability. Exit code 1 where it has; also where the
// registry cannot be asked, if the variable FIREDRILL_AUDIT is "required".
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from '../esbuild.mjs';
import { audit } from './auditing.ts';
import { bundledPackages } from './bundled.ts';
import { main } from './say.ts';

await main(async () => {
  const dist = await mkdtemp(path.join(os.tmpdir(), 'firedrill-dist-'));
  const packages = await build({ release: true, to: dist })
    .then(() => bundledPackages(dist))
    .finally(() => rm(dist, { recursive: true, force: true }));
  const result = await audit(packages);
  switch (result.outcome) {
    case 'clean':
      console.log(`asked: none of the ${packages.length} packages that are shipped has a known vulnerability`);
      return 0;
    case 'vulnerable':
      console.log(`known vulnerabilities of what is shipped:\n${result.findings.join('\n')}`);
      return 1;
    case 'not asked': {
      const required = process.env.FIREDRILL_AUDIT === 'required';
      console.log(`not asked: ${result.why}`);
      console.log(required ? 'FIREDRILL_AUDIT requires an answer' : 'FIREDRILL_AUDIT=required makes this a failure');
      return required ? 1 : 0;
    }
  }
});
