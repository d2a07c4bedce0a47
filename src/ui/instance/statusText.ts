import type { DeliveryMode, FoundBy, InstanceStatus, Overview } from '../../engine/api.ts';
import type { L10n } from '../l10n.ts';
import { inert, oneLine, shorten, tildify } from '../text.ts';
import { clock } from '../time.ts';
import type { Situation } from './situation.ts';

/** The one status bar item. `text` may hold `$(icon)`, `tooltip` and `spoken` are plain. */
export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  readonly warning: boolean;
}

export function statusText(situation: Situation, home: string, l10n: L10n): StatusText {
  switch (situation.kind) {
    case 'restricted':
      return status(
        '$(shield) Firedrill',
        l10n.t('Restricted Mode: Firedrill reads no instance and sends nothing until you trust this workspace.'),
      );
    case 'starting':
      return status('$(search) Firedrill', l10n.t('Looking for a Dagster instance.'));
    case 'crashed':
      return status(
        '$(error) Firedrill',
        l10n.t("Firedrill's engine stopped and starts again soon: {0}", situation.message),
        true,
      );
    case 'running':
      return running(situation.overview, home, l10n);
  }
}

function running(overview: Overview, home: string, l10n: L10n): StatusText {
  const { instance } = overview;
  switch (instance.state) {
    case 'searching':
      return status('$(search) Firedrill', l10n.t('Looking for a Dagster instance.'));
    case 'none':
      return status(
        `$(flame) ${l10n.t('No instance')}`,
        [
          l10n.t('No Dagster instance found. Firedrill looked at:'),
          ...instance.looked.map((place) => `  ${oneLine(place)}`),
        ].join('\n'),
      );
    case 'unusable':
      return status(`$(warning) ${l10n.t('No instance')}`, unusableText(instance, home, l10n), true);
    case 'unconfirmed':
      return status(
        `$(question) ${l10n.t('Read instance?')}`,
        l10n.t(
          '{0} lies outside this workspace. Firedrill reads it only when you say so.',
          tildify(instance.home, home),
        ),
      );
    case 'lost':
      return status(
        `$(debug-disconnect) ${counted(instance, overview)}`,
        [
          l10n.t(
            '{0} cannot be read since {1}: {2}',
            tildify(instance.home, home),
            clock(instance.since),
            instance.message,
          ),
          pendingLine(overview, l10n),
        ].join('\n'),
        true,
      );
    case 'following':
      return {
        text: `$(flame) ${counted(instance, overview)}`,
        tooltip: followingTooltip(overview, instance, home, l10n),
        spoken: l10n.t('Firedrill follows {0}, {1} pending failures', oneLine(instance.name), pendingOf(overview)),
        warning: false,
      };
  }
}

const pendingOf = ({ pending: { check, run } }: Overview): number => check + run;

const counted = (instance: { readonly name: string }, overview: Overview): string =>
  `${name(instance.name)} $(error) ${pendingOf(overview)}`;

const pendingLine = ({ pending: { check, run } }: Overview, l10n: L10n): string =>
  l10n.t('Pending: {0} check failures, {1} run failures', check, run);

function followingTooltip(
  overview: Overview,
  instance: Extract<InstanceStatus, { state: 'following' }>,
  home: string,
  l10n: L10n,
): string {
  const lines = [
    l10n.t('Following {0}', tildify(instance.home, home)),
    foundBy(instance.foundBy, l10n),
    instance.webserverUrl === null
      ? l10n.t('No webserver answers for it')
      : l10n.t('Webserver {0}', instance.webserverUrl),
    pendingLine(overview, l10n),
    delivery(overview.deliveryMode, l10n),
    ...(overview.sensors.some(({ elsewhere }) => elsewhere)
      ? [l10n.t('Another window is watching; this one shows the same')]
      : []),
    ...instance.warnings.map(oneLine),
  ];
  return lines.join('\n');
}

function delivery(mode: DeliveryMode, l10n: L10n): string {
  switch (mode) {
    case 'hold':
      return l10n.t('Delivery: hold, nothing is sent by itself');
    case 'automatic':
      return l10n.t('Delivery: automatic, each failure found is sent');
    case 'inbox':
      return l10n.t('Delivery: each failure found is sent to the local inbox');
  }
}

/** Why a home cannot be read, the home named once. */
export function unusableText(
  instance: Extract<InstanceStatus, { state: 'unusable' }>,
  home: string,
  l10n: L10n,
): string {
  const { home: folder, message } = instance;
  const whole = message.includes(folder) ? message : l10n.t('{0} cannot be read. {1}', folder, message);
  return whole.replaceAll(folder, tildify(folder, home));
}

/** Which place named the instance. */
export function foundBy(place: FoundBy, l10n: L10n): string {
  switch (place) {
    case 'setting':
      return l10n.t('Named by the setting firedrill.dagsterHome');
    case 'dotenv':
      return l10n.t("Named by DAGSTER_HOME in the workspace's .env");
    case 'environment':
      return l10n.t('Named by DAGSTER_HOME in the environment');
    case 'webserver':
      return l10n.t('Named by the webserver');
    case 'temporary-home':
      return l10n.t("dagster dev's temporary home in this workspace");
  }
}

const name = (text: string): string => shorten(inert(text), 30);

const status = (text: string, tooltip: string, warning = false): StatusText => ({
  text,
  tooltip,
  spoken: tooltip.replaceAll('\n', ' '),
  warning,
});
