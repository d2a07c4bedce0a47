import type { FoundBy } from '../../dagster/instance.ts';
import type { DeliveryGroup } from '../../delivery/delivery.ts';
import type { SensorName, Tick } from '../../sensors/tick.ts';
import type { DsnStatus } from './sending.ts';
import type { DeliveryMode } from './settings.ts';

/** The instance as the views tell it. */
export type InstanceStatus =
  | { readonly state: 'searching' }
  | { readonly state: 'none'; readonly looked: readonly string[] }
  | { readonly state: 'unusable'; readonly home: string; readonly message: string }
  | {
      readonly state: 'unconfirmed';
      readonly home: string;
      readonly foundBy: FoundBy;
      readonly webserverUrl: string | null;
    }
  | {
      readonly state: 'following';
      readonly home: string;
      /** Short name for the status bar: the last telling part of the home's path. */
      readonly name: string;
      readonly foundBy: FoundBy;
      readonly webserverUrl: string | null;
      /** When Firedrill first met this instance, ms since 1970: older failures are marked as before Firedrill. */
      readonly since: number;
      readonly warnings: readonly string[];
    }
  /** It was followed and cannot be read at the moment; Firedrill keeps looking. */
  | {
      readonly state: 'lost';
      readonly home: string;
      readonly name: string;
      readonly message: string;
      readonly since: number;
    };

export interface SensorStatus {
  readonly name: SensorName;
  /** Nobody stopped it: it ticks while the instance is followed. */
  readonly running: boolean;
  /** Another window or command line at the same instance ticks it; this one shows the same and takes over when it ends. */
  readonly elsewhere: boolean;
  /** A tick runs in this window. */
  readonly ticking: boolean;
  readonly lastTick: Tick | null;
  /** When the next interval tick is due, ms since 1970; null while stopped or without an instance. */
  readonly nextTickAt: number | null;
  /** Short text of the cursor; null before first contact. */
  readonly cursor: string | null;
  /** How far it is behind the log; `oldestUnread` is that row's timestamp, in seconds since 1970. */
  readonly behind: { readonly rows: number; readonly oldestUnread: number | null };
}

export interface CodeLocationStatus {
  readonly name: string;
  readonly dsn: DsnStatus;
  /** Sensors of the project itself that run and may send the same alerts (names as Dagster has them). */
  readonly ownSensors: readonly string[];
}

export interface Overview {
  readonly instance: InstanceStatus;
  readonly sensors: readonly SensorStatus[];
  readonly deliveryMode: DeliveryMode;
  readonly codeLocations: readonly CodeLocationStatus[];
  readonly inbox:
    | { readonly state: 'listening'; readonly port: number; readonly dsn: string; readonly note: string | null }
    | { readonly state: 'off'; readonly message: string };
  /** What the badge counts: pending failures without tests and those recorded before Firedrill met the instance. */
  readonly pending: { readonly check: number; readonly run: number };
  /** How many deliveries each group has. */
  readonly deliveries: Readonly<Record<DeliveryGroup, number>>;
}
