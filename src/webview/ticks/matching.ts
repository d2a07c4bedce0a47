/** Which ticks a person finds by a text: pure. */
import { textOfEnd } from '../../sensors/tick.ts';
import type { LaneTick } from '../protocol.ts';
import { endOf, endWord, reason } from './ends.ts';
import { laneTitle, type SensorLane } from './lane.ts';

/** Ten thousand ticks are looked through at each key: their words are put together once. */
const known = new WeakMap<LaneTick, string>();

/** All that a tick says, in lower case: its row's words, the whole of its error, its notes, the ids of its runs. */
const wordsOf = (tick: LaneTick): string => {
  const before = known.get(tick);
  if (before !== undefined) return before;
  const more = tick.trigger === 'daemon' ? [...tick.runsRequested, ...tick.runsReported] : tick.notes;
  const words = [endWord(endOf(tick)), reason(tick), textOfEnd(tick.end), ...more].join('\n').toLowerCase();
  known.set(tick, words);
  return words;
};

/** Whether a tick or the name of its sensor contains the text, in upper or lower case. */
export const matches = (text: string, lanes: readonly SensorLane[]): ((tick: LaneTick) => boolean) => {
  const wanted = text.trim().toLowerCase();
  const named = new Set(lanes.flatMap((lane) => (laneTitle(lane).toLowerCase().includes(wanted) ? [lane.id] : [])));
  return (tick) => named.has(tick.sensor) || wordsOf(tick).includes(wanted);
};
