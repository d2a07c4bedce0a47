import path from 'node:path';
import { discover } from '../dagster/discovery.ts';
import type { DagsterInstance } from '../dagster/instance.ts';
import { CliError } from './errors.ts';

/** The instance whose home was named on the command line; a CliError says why it cannot be read. */
export async function instanceAt(home: string): Promise<DagsterInstance> {
  const found = await discover({
    settingHome: path.resolve(home),
    webserverUrl: null,
    workspaceFolders: [process.cwd()],
    env: process.env,
    signal: AbortSignal.timeout(10_000),
  });
  switch (found.state) {
    case 'found':
      return found.instance;
    case 'unusable':
      throw new CliError(found.message.replace('the setting firedrill.dagsterHome', '--home'));
    case 'unconfirmed': // only a webserver's is, and none is asked
    case 'none':
      throw new CliError(`No Dagster instance in ${path.resolve(home)}.`);
  }
}
