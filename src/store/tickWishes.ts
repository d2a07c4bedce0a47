import * as v from 'valibot';
import { SENSOR_NAMES, type SensorName } from '../sensors/tick.ts';
import type { Database } from './database.ts';
import { row, rows } from './rows.ts';

const wishRow = v.object({ wanted: v.number(), answered: v.number(), tick: v.nullable(v.number()) });
const openRow = v.object({ sensor: v.picklist(SENSOR_NAMES), wanted: v.number() });

/** Ticks that a person wants in a window that does not lead: the one that leads makes them. */
export class TickWishes {
  readonly #db: Database;
  readonly #ask;
  readonly #open;
  readonly #answer;
  readonly #get;

  constructor(db: Database) {
    this.#db = db;
    this.#ask = db.prepare(`
      insert into tick_wishes (sensor, wanted, answered) values (?, 1, 0)
      on conflict (sensor) do update set wanted = wanted + 1 returning wanted, answered, tick`);
    this.#open = db.prepare('select sensor, wanted from tick_wishes where wanted > answered');
    this.#answer = db.prepare('update tick_wishes set answered = $wanted, tick = $tick where sensor = $sensor');
    this.#get = db.prepare('select wanted, answered, tick from tick_wishes where sensor = ?');
  }

  /** Wishes for a tick; answers the wish's number. */
  ask(sensor: SensorName): number {
    return this.#db.write('quick', () => row(wishRow, this.#ask.get(sensor)).wanted);
  }

  open(): { readonly sensor: SensorName; readonly wanted: number }[] {
    return this.#db.read(() => rows(openRow, this.#open.all()));
  }

  answer(sensor: SensorName, wanted: number, tick: number | null): void {
    this.#db.write('quick', () => this.#answer.run({ sensor, wanted, tick }));
  }

  /** Whether a wish was granted, and by which tick. */
  granted(sensor: SensorName, wish: number): { readonly tick: number | null } | null {
    const { answered, tick } = this.#db.read(() => row(wishRow, this.#get.get(sensor)));
    return answered < wish ? null : { tick };
  }
}
