import type { Delivery } from '../../engine/api.ts';
import type { L10n } from '../l10n.ts';
import { oneLine, shorten } from '../text.ts';
import { longTime } from '../time.ts';

const WORDS = 300;

/** How the sending of a failure stands, in a sentence: until when it waits and why, or why it failed. */
export function deliveryWords({ target, state }: Delivery, now: number, l10n: L10n): string {
  const to =
    target.kind === 'inbox' ? l10n.t('the local inbox') : l10n.t('Sentry project {0}', oneLine(target.project));
  switch (state.kind) {
    case 'waiting': {
      const reason = state.reason === null ? null : shorten(oneLine(state.reason), WORDS);
      if (state.until !== null && state.until > now) {
        const until = longTime(state.until, now);
        return reason === null
          ? l10n.t('Waits until {0} to be sent to {1}.', until, to)
          : l10n.t('Waits until {0} to be sent to {1}: {2}', until, to, reason);
      }
      return reason === null
        ? l10n.t('Is about to be sent to {0}.', to)
        : l10n.t('Waits to be sent to {0}: {1}', to, reason);
    }
    case 'sending':
      return l10n.t('Is being sent to {0}.', to);
    case 'accepted':
      return l10n.t('Accepted by {0} at {1}.', to, longTime(state.at, now));
    case 'failed':
      return l10n.t(
        'Sending to {0} failed at {1}: {2}',
        to,
        longTime(state.at, now),
        shorten(oneLine(state.reason), WORDS),
      );
  }
}
