/**
 * The one contract between the engine and whoever hosts it (the extension host over a worker port, or the command line
 * in its own process). Everything here can be structured-cloned; nothing here holds a DSN's key.
 */
export type { Cut, GroupingInfo, Measures } from '../channels/sentry/render.ts';
export type { FoundBy } from '../dagster/instance.ts';
export type {
  Confirmation,
  Delivery,
  DeliveryGroup,
  DeliveryId,
  DeliveryPage,
  DeliveryTarget,
  InboxEvent,
} from '../delivery/delivery.ts';
export type { EnvelopeLine, ReceivedEvent } from '../delivery/inbox/inbox.ts';
export type { CheckSeverity, Failure, FailureKind } from '../failure/failure.ts';
export type { DsnFingerprint, FailureId } from '../failure/ids.ts';
export type { Specimen } from '../failure/specimen.ts';
export type { TestFields } from '../failure/testFields.ts';
export type { FoundFailure, SensorName, Tick, TickEnd } from '../sensors/tick.ts';
export type { FailureFilter, FailureGrouping, FailureSelection, FailureStatus } from '../store/failureQuery.ts';
export type { Try } from '../store/tries.ts';
export type { EngineApi } from './api/calls.ts';
export type {
  EventMatch,
  FailingLine,
  FailureGroup,
  FailureGroups,
  FailureIssue,
  FailurePage,
  FailureRow,
} from './api/failures.ts';
export type { EngineChange, HostApi } from './api/host.ts';
export type { CodeLocationStatus, InstanceStatus, Overview, SensorStatus } from './api/overview.ts';
export type { OwnActivity, OwnSensor, OwnTick } from './api/ownSensors.ts';
export type {
  DagsterThing,
  EventSource,
  Preview,
  ReceivedPreview,
  RelatedEvents,
  Shortened,
  TestPreview,
  TestSubject,
  Unsent,
} from './api/preview.ts';
export type { DsnCheck, DsnStatus, InboxTarget, SendResult, SentryTarget, TargetChoice } from './api/sending.ts';
export type { DeliveryMode, EngineSettings, EngineWorkerData } from './api/settings.ts';
