// What happens to an instance from outside while an editor follows it: `act.ts backlog|large|lock HOME`.
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { append, appendLarge } from '../histories.ts';

const LARGE = 10 * 1000 * 1000;
const LOCKED = 10_000;

const [what, home = ''] = process.argv.slice(2);
switch (what) {
  case 'backlog':
    await append(home, 'check');
    break;
  case 'large':
    await appendLarge(home, LARGE);
    break;
  case 'lock': {
    const db = new DatabaseSync(path.join(home, 'history', 'runs', 'index.db'));
    db.exec('pragma locking_mode = exclusive; begin exclusive');
    await pause(LOCKED);
    db.exec('rollback');
    db.close();
    break;
  }
  default:
    throw new Error(`act.ts knows no ${what}`);
}
