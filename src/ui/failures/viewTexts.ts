import type { Situation } from '../instance/situation.ts';
import { unusableText } from '../instance/statusText.ts';
import type { L10n } from '../l10n.ts';
import { maskSecrets } from '../mask.ts';
import { tildify } from '../text.ts';
import { clock, shortTime } from '../time.ts';
import type { Arrangement } from './arrangement.ts';
import { arrangementText } from './arrangementText.ts';

export interface ViewTexts {
  /** Beside the view's title. */
  readonly description: string;
  /** Above the rows; while it stands, VS Code shows no welcome text. */
  readonly message: string;
  readonly badge: { readonly value: number; readonly tooltip: string } | undefined;
}

/** What the Failures view says beside its rows. Welcome texts are fixed in package.json, so what varies stands here. */
export function viewTexts(
  situation: Situation,
  empty: boolean,
  arrangement: Arrangement,
  home: string,
  l10n: L10n,
): ViewTexts {
  const none: ViewTexts = { description: arrangementText(arrangement, l10n), message: '', badge: undefined };
  if (situation.kind !== 'running') return { ...none, description: '' };
  const { instance, pending } = situation.overview;
  const count = pending.check + pending.run;
  const badge =
    count === 0
      ? undefined
      : { value: count, tooltip: count === 1 ? l10n.t('1 pending failure') : l10n.t('{0} pending failures', count) };
  switch (instance.state) {
    case 'searching':
    case 'none':
      return { ...none, badge };
    case 'unconfirmed':
      return { ...none, badge, description: tildify(instance.home, home) };
    case 'following':
      return {
        ...none,
        badge,
        description: none.description || (empty ? l10n.t('since {0}', shortTime(instance.since, Date.now())) : ''),
      };
    case 'unusable':
      return { ...none, badge, message: maskSecrets(unusableText(instance, home, l10n)) };
    case 'lost':
      return {
        ...none,
        badge,
        message: maskSecrets(
          l10n.t(
            '{0} cannot be read since {1}. {2} Firedrill keeps looking.',
            tildify(instance.home, home),
            clock(instance.since),
            instance.message,
          ),
        ),
      };
  }
}
