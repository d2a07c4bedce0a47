// Loaded before `watch`: a system on which folders send no watch events, such as a bind mount or a network drive.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

fs.watch = () => {
  throw Object.assign(new Error('no watch events here'), { code: 'ENOSYS' });
};
syncBuiltinESMExports();
