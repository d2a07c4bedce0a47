// What hosts the engine's worker, as the extension does: `node workerHost.ts <worker data> <settings>`, both JSON.
import path from 'node:path';
import { EngineHost } from '../../src/ui/engineHost.ts';
import { english } from '../../src/ui/l10n.ts';

const [data = '', settings = ''] = process.argv.slice(2);
const host = new EngineHost({
  workerFile: path.join(import.meta.dirname, 'probedWorker.ts'),
  workerData: JSON.parse(data),
  settings: () => JSON.parse(settings),
  onState: () => undefined,
  l10n: english,
  host: {
    authToken: async () => null,
    secretDsn: async () => null,
    changed: () => undefined,
    notify: (message) => void process.stderr.write(`${message}\n`),
    log: (level, message) => {
      if (level === 'warn' || level === 'error') process.stderr.write(`${message}\n`);
    },
  },
});
host.start();
process.once('SIGTERM', () => void host.stop().then(() => process.exit(0)));
