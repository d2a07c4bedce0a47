import * as v from 'valibot';
import { failureId } from '../../failure/ids.ts';
import { SENSOR_NAMES } from '../../sensors/tick.ts';
import type { FromTicks } from '../../webview/protocol.ts';

const sensor = v.picklist(SENSOR_NAMES);
/** ms since 1970. */
const time = v.pipe(v.number(), v.finite());

/** What the Sensor Ticks webview may say; anything else is dropped and logged. */
export const fromTicks: v.GenericSchema<unknown, FromTicks> = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('range'), from: time, to: time }),
  v.object({ type: v.literal('tick-now'), sensor }),
  v.object({ type: v.literal('set-running'), sensor, running: v.boolean() }),
  v.object({ type: v.literal('show-tick'), tick: v.pipe(v.number(), v.integer()) }),
  v.object({ type: v.literal('preview'), failure: v.pipe(v.string(), v.maxLength(200), v.transform(failureId)) }),
  v.object({ type: v.literal('choose-instance') }),
  // What is kept goes back to a page only, which reads it as anything it kept itself.
  v.object({ type: v.literal('arranged'), filtered: v.boolean(), kept: v.unknown() }),
]);
