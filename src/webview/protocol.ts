/**
 * The messages between the host (src/ui) and the two webviews, both ways. The host sends complete states; a webview
 * keeps nothing that it could not ask for again. Messages from a webview are validated by the host before use.
 */
import type {
  DagsterThing,
  DeliveryId,
  FailureId,
  FailureRow,
  InstanceStatus,
  OwnSensor,
  OwnTick,
  Preview,
  ReceivedPreview,
  SensorName,
  SensorStatus,
  TargetChoice,
  TestFields,
  Tick,
} from '../engine/api.ts';

// ---- payload preview -------------------------------------------------------------------------------------------

/** What is previewed. The webview keeps it over a reload of the window and hands it back. */
export type PreviewSubject =
  | { readonly kind: 'failure'; readonly id: FailureId; readonly target: TargetChoice }
  | { readonly kind: 'inbox'; readonly id: number };

export type ToPreview =
  | { readonly type: 'loading' }
  | {
      readonly type: 'preview';
      readonly preview: Preview;
      /** Where in the workspace the error was raised, as `file:line`; null where no file of it is known. */
      readonly failingLine: string | null;
      readonly subject: PreviewSubject;
    }
  /** What the inbox received. */
  | {
      readonly type: 'received';
      readonly received: ReceivedPreview;
      /** Which failure it tells of, in a sentence, and how many it may be. */
      readonly tellsOf: { readonly words: string; readonly failures: number };
      readonly subject: PreviewSubject;
    }
  /** What the act with this number asked to copy is on the clipboard. */
  | { readonly type: 'copied'; readonly copy: number }
  /** What was typed cannot be taken; the preview shows what was taken last. */
  | { readonly type: 'edit-refused'; readonly message: string }
  /** Nothing can be shown; `message` is for the user. */
  | { readonly type: 'error'; readonly message: string };

/** What can be copied. */
export type CopyAct =
  | { readonly type: 'copy'; readonly what: 'json' | 'curl' | 'sha256' }
  | { readonly type: 'copy-text'; readonly text: string }
  /** A value of which only a part is shown, whole; `path` is its JSON pointer into the event. */
  | { readonly type: 'copy-value'; readonly path: string }
  /** The command with the DSN's key; the host asks first. */
  | { readonly type: 'curl-with-key' };

/** What a person asks the preview for. */
export type PreviewAct = OnAnyEvent | OnFailure | OnReceived | OnForm;

/** Of whatever is shown. */
export type OnAnyEvent =
  /** Numbered, so that the page can tell which of them was copied. */
  | (CopyAct & { readonly copy: number })
  | { readonly type: 'open-json' }
  /** Beside another event, which the user picks. */
  | { readonly type: 'compare' }
  | { readonly type: 'open-in-dagster'; readonly what: DagsterThing }
  | { readonly type: 'retry' | 'open-issue'; readonly delivery: DeliveryId };

/** Of the failure that is shown. */
export type OnFailure =
  | { readonly type: 'send'; readonly target: 'sentry' | 'inbox' }
  | { readonly type: 'open-run' }
  | { readonly type: 'open-failing-line' }
  /** Lists the failures that join the same issue. */
  | { readonly type: 'show-issue' }
  /** Makes a test failure like this one, to be changed. */
  | { readonly type: 'edit-copy' }
  | { readonly type: 'save-specimen' }
  /** Takes a dismissal back. */
  | { readonly type: 'restore' }
  | { readonly type: 'set-dsn' }
  | { readonly type: 'switch-target'; readonly target: 'sentry' | 'inbox' };

/** Of the received event that is shown: the failure it tells of is previewed, or compared with it. */
export type OnReceived = { readonly type: 'show-failure' } | { readonly type: 'compare-failure' };

/** Of the form of a test failure. */
export type OnForm =
  /** The failure as it is typed. */
  | { readonly type: 'edit'; readonly fields: TestFields }
  /** What is typed cannot be read, or can be again: until then it is not sent. */
  | { readonly type: 'unread'; readonly unread: boolean };

export type FromPreview =
  | { readonly type: 'ready' }
  /** `about`: what the page showed then; the host may be about to show something else. */
  | (PreviewAct & { readonly about: PreviewSubject });

// ---- sensor ticks ----------------------------------------------------------------------------------------------

/** A tick of a hosted sensor or of one of the project's own; no id stands twice. */
export type LaneTick = Tick | OwnTick;

/** In Restricted Mode there is none, and none is looked for. */
export type TicksInstance = InstanceStatus | { readonly state: 'restricted' };

export type ToTicks =
  /** A complete state for one range: sent when the view becomes visible and on request. */
  | {
      readonly type: 'snapshot';
      readonly instance: TicksInstance;
      readonly sensors: readonly SensorStatus[];
      /** The project's own. */
      readonly ownSensors: readonly OwnSensor[];
      /** ms since 1970. */
      readonly from: number;
      readonly to: number;
      readonly ticks: readonly LaneTick[];
    }
  /** What came since: ticks to add, or rows to replace by id. At most four a second. */
  | {
      readonly type: 'update';
      readonly instance: TicksInstance;
      readonly sensors: readonly SensorStatus[];
      /** Absent while nothing of theirs has changed. */
      readonly ownSensors?: readonly OwnSensor[];
      readonly ticks: readonly LaneTick[];
    }
  /** Shows a time (ms since 1970), with a tick's details where one is named. */
  | { readonly type: 'jump'; readonly at: number; readonly tick: number | null }
  /** Puts the keyboard into the text that ticks are filtered by. */
  | { readonly type: 'find' }
  /** Shows all ticks again. */
  | { readonly type: 'clear-filter' }
  /** Shows the ticks of one sensor only, by its lane's id, up to now. */
  | { readonly type: 'show-lane'; readonly lane: string }
  | { readonly type: 'tick-failures'; readonly tick: number; readonly failures: readonly FailureRow[] };

export type FromTicks =
  | { readonly type: 'ready' }
  | { readonly type: 'range'; readonly from: number; readonly to: number }
  | { readonly type: 'tick-now'; readonly sensor: SensorName }
  | { readonly type: 'set-running'; readonly sensor: SensorName; readonly running: boolean }
  | { readonly type: 'show-tick'; readonly tick: number }
  | { readonly type: 'preview'; readonly failure: FailureId }
  /** Lets the user choose, or confirm, the instance that is followed. */
  | { readonly type: 'choose-instance' }
  /** What a person arranged, to be handed to the page that is opened as an editor, and whether it leaves ticks out. */
  | { readonly type: 'arranged'; readonly filtered: boolean; readonly kept: unknown };
