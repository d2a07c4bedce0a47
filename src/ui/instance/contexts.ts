import type { ContextValues } from '../ids.ts';
import { overviewOf, type Situation } from './situation.ts';

/** What the trees know beside the overview. */
export interface TreeFacts {
  readonly inboxEvents: number;
  readonly secretDsns: number;
  /** Whether the Failures tree has rows, those recorded before Firedrill included. */
  readonly listed: ContextValues['firedrill.listed'];
  readonly filtered: boolean;
}

/** The context keys that decide which commands and welcome texts are shown; but the Sensor Ticks panel's own. */
export function contextValues(situation: Situation, facts: TreeFacts): Omit<ContextValues, 'firedrill.ticksFiltered'> {
  const overview = overviewOf(situation);
  const sensors = overview?.sensors ?? [];
  const instance = overview?.instance;
  return {
    // First: of an instance that is new here nothing is known yet.
    'firedrill.listed': facts.listed,
    'firedrill.instance': situation.kind === 'restricted' ? 'restricted' : (instance?.state ?? 'searching'),
    'firedrill.delivery': overview?.deliveryMode ?? 'hold',
    'firedrill.inbox': overview?.inbox.state ?? 'off',
    'firedrill.inboxHasEvents': facts.inboxEvents > 0,
    'firedrill.webserver': instance?.state === 'following' && instance.webserverUrl !== null,
    'firedrill.filtered': facts.filtered,
    'firedrill.hasWaiting': (overview?.deliveries.waiting ?? 0) > 0,
    'firedrill.hasFailed': (overview?.deliveries.failed ?? 0) > 0,
    'firedrill.hasAccepted': (overview?.deliveries.accepted ?? 0) > 0,
    'firedrill.sensorRunning': sensors.some((sensor) => sensor.running),
    'firedrill.sensorStopped': sensors.some((sensor) => !sensor.running),
    'firedrill.hasSecretDsn': facts.secretDsns > 0,
  };
}
