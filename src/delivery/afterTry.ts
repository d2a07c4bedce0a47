import * as l10n from '@vscode/l10n';
import type { Verdict } from '../channels/channel.ts';
import type { OutboxRow, RowChange } from '../store/outbox.ts';
import type { Try } from '../store/tries.ts';
import { nextTryAt } from './retry.ts';

/** What came of sending a request once. */
export type TryResult =
  | { readonly kind: 'answered'; readonly status: number; readonly verdict: Verdict }
  /** `mayHaveArrived`: the request was on its way when the connection failed. */
  | { readonly kind: 'no-answer'; readonly words: string; readonly mayHaveArrived: boolean }
  /** It was not sent and never will be, e.g. because it was made for another project than the DSN names. */
  | { readonly kind: 'impossible'; readonly words: string }
  /** Firedrill stopped meanwhile: to be tried at once when it runs again. */
  | { readonly kind: 'stopped'; readonly mayHaveArrived: boolean };

export interface Timing {
  /** Start of the try, ms since 1970. */
  readonly at: number;
  readonly durationMs: number;
  /** Now, ms since 1970. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

/** Sentry drops a repeated event id for an hour, as best it can; a repeat after that may show twice. */
export const REPEATS_DROPPED_WITHIN = 3_600_000;

const stopped = () => l10n.t('Firedrill stopped before the answer came; it is tried again.');

/** What a try leaves behind: its receipt, and what becomes of the row. */
export function afterTry(
  row: Pick<OutboxRow, 'tries' | 'unknownSince'>,
  result: TryResult,
  timing: Timing,
): { readonly receipt: Try; readonly change: RowChange } {
  const { at, durationMs, now, random } = timing;
  const base = { at, durationMs };
  const unknownSince = row.unknownSince ?? at;
  switch (result.kind) {
    case 'answered': {
      const { status, verdict } = result;
      switch (verdict.kind) {
        case 'accepted':
          return {
            receipt: { ...base, outcome: 'accepted', status, words: '' },
            change: { state: 'accepted', at: now, status, durationMs, mayRepeat: mayRepeat(row.unknownSince, at) },
          };
        case 'later': {
          const notBefore = nextTryAt(row.tries, now, verdict.notBefore, random);
          return {
            receipt: { ...base, outcome: 'later', status, words: verdict.reason },
            change: { state: 'waiting', notBefore, reason: verdict.reason, unknownSince: row.unknownSince },
          };
        }
        case 'refused':
          return {
            receipt: { ...base, outcome: 'refused', status, words: verdict.reason },
            change: { state: 'failed', at: now, status, reason: verdict.reason, unknownSince: row.unknownSince },
          };
      }
      throw new Error(`Unknown verdict ${JSON.stringify(verdict satisfies never)}`);
    }
    case 'no-answer': {
      const { words, mayHaveArrived } = result;
      return {
        receipt: { ...base, outcome: mayHaveArrived ? 'unknown' : 'later', status: null, words },
        change: {
          state: 'waiting',
          notBefore: nextTryAt(row.tries, now, null, random),
          reason: words,
          unknownSince: mayHaveArrived ? unknownSince : row.unknownSince,
        },
      };
    }
    case 'impossible':
      return {
        receipt: { ...base, outcome: 'refused', status: null, words: result.words },
        change: { state: 'failed', at: now, status: null, reason: result.words, unknownSince: row.unknownSince },
      };
    case 'stopped':
      return {
        receipt: { ...base, outcome: result.mayHaveArrived ? 'unknown' : 'later', status: null, words: stopped() },
        change: {
          state: 'waiting',
          notBefore: null,
          reason: stopped(),
          unknownSince: result.mayHaveArrived ? unknownSince : row.unknownSince,
        },
      };
  }
}

const mayRepeat = (unknownSince: number | null, at: number): boolean =>
  unknownSince !== null && at - unknownSince > REPEATS_DROPPED_WITHIN;
