import type { Event } from '@sentry/core';
import { assetKeyText, type CheckFailure, type Failure, type RunFailure } from '../../failure/failure.ts';
import type { EventId } from '../../failure/ids.ts';
import { type JsonObject, type JsonValue, pointer } from '../../failure/json.ts';
import { changedTags } from '../../failure/testFields.ts';
import { assetPathOfStep } from './assetPath.ts';
import type { Cut } from './cut.ts';
import { errorText, errorType } from './errorType.ts';
import { oemOf } from './oem.ts';
import { limitRecords } from './records.ts';
import { type RenderSettings, SENDER } from './settings.ts';
import { wellFormedObject } from './wellFormed.ts';

/**
 * All that is sent of a failure. Message, level, tags and extra are the specification's (docs/alerts.md); the rest
 * names the event. Nothing about the machine, no release, no fingerprint: Sentry groups by the message.
 */
export type SentryEvent = {
  readonly event_id: EventId;
  /** The event log's own time, seconds since 1970. */
  readonly timestamp: number;
  /** What failed is Python, as in the events of the project's own sensors. */
  readonly platform: 'python';
  readonly level: 'warning' | 'error';
  readonly message: string;
  readonly environment?: string;
  readonly sdk: { readonly name: string; readonly version: string };
  readonly tags: { readonly [name: string]: string };
  readonly extra: JsonObject;
};

/** The specified part of an event, before it is made safe to send. */
interface Specified {
  readonly level: 'warning' | 'error';
  readonly message: string;
  readonly tags: { readonly [name: string]: string };
  readonly extra: JsonObject;
  readonly cuts: readonly Cut[];
}

/** Renders a failure as the specified Sentry event; `notSent` tells what the specification leaves out. */
export function renderEvent(
  failure: Failure,
  id: EventId,
  settings: RenderSettings,
): { readonly event: SentryEvent; readonly notSent: readonly Cut[] } {
  const specified = renderSpecified(failure, settings);
  const changes = failure.origin.kind === 'test' ? failure.origin.tags : undefined;
  const tags = changes === undefined ? specified.tags : changedTags(specified.tags, changes);
  const environment = failure.origin.kind === 'test' ? settings.testEnvironment : settings.environment;
  const event = {
    event_id: id,
    timestamp: failure.timestamp,
    platform: 'python',
    level: specified.level,
    message: specified.message,
    ...(environment === null ? {} : { environment: environment.toWellFormed() }),
    sdk: { name: SENDER, version: settings.version },
    tags: Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, value.toWellFormed()])),
    extra: wellFormedObject(specified.extra),
  } satisfies SentryEvent & Event;
  return { event, notSent: specified.cuts };
}

/** The specified tags of a failure, whatever a person changed of a test's. */
export const specifiedTags = (failure: Failure, settings: RenderSettings): Specified['tags'] =>
  renderSpecified(failure, settings).tags;

const renderSpecified = (failure: Failure, settings: RenderSettings): Specified =>
  failure.kind === 'check' ? renderCheck(failure, settings) : renderRun(failure, settings);

/** The event's message alone. It needs no metadata and no stacks: a failure without them has the same. */
export function alertMessage(failure: Failure, oemPattern: RegExp): string {
  if (failure.kind === 'check') {
    const { checkName, severity } = failure;
    return `Dagster asset check failure: ${checkName} on ${assetKeyText(failure.assetKey)} (${severity})`.toWellFormed();
  }
  const { step, codeLocation, jobName } = failure;
  const where = step === null ? `${codeLocation || oemOf(failure, oemPattern)}/${jobName}` : assetPathOfStep(step.key);
  return `Dagster run failure: ${where} (${errorType(failure)})`.toWellFormed();
}

/** `partition_date` is left out where there is none. */
const partitionDate = (failure: Failure): { readonly partition_date?: string } =>
  failure.partition === null ? {} : { partition_date: failure.partition };

function renderCheck(failure: CheckFailure, { oemPattern }: RenderSettings): Specified {
  const { checkName, severity, runId } = failure;
  const assetKey = assetKeyText(failure.assetKey);
  const metadata: [string, JsonValue][] = [];
  const cuts: Cut[] = [];
  for (const entry of failure.metadata) {
    const limited = limitRecords(entry, pointer('/extra/metadata', entry.name.toWellFormed()));
    metadata.push([entry.name, limited.value]);
    cuts.push(...limited.cuts);
  }
  return {
    level: severity === 'WARN' ? 'warning' : 'error',
    message: alertMessage(failure, oemPattern),
    tags: { oem: oemOf(failure, oemPattern), check_name: checkName, severity, ...partitionDate(failure) },
    extra: {
      asset_key: assetKey,
      ...(runId === null ? {} : { run_id: runId }),
      ...partitionDate(failure),
      metadata: Object.fromEntries(metadata),
    },
    cuts,
  };
}

function renderRun(failure: RunFailure, { oemPattern }: RenderSettings): Specified {
  const { runId, jobName } = failure;
  const oem = oemOf(failure, oemPattern);
  return {
    level: 'error',
    message: alertMessage(failure, oemPattern),
    tags: { job_name: jobName, oem, ...partitionDate(failure) },
    extra: { run_id: runId, job_name: jobName, error: errorText(failure), ...partitionDate(failure) },
    cuts: [],
  };
}
