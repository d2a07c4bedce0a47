import type { Failure } from '../../failure/failure.ts';
import { canonicalHash } from '../canonicalHash.ts';
import type { Alert } from '../channel.ts';
import type { Cut } from './cut.ts';
import { type EnvelopeTarget, envelopeRequest } from './envelope.ts';
import { renderEvent, type SentryEvent } from './event.ts';
import { eventIdFor } from './eventId.ts';
import { type GroupingInfo, groupingOf, headline } from './grouping.ts';
import { inspectEvent, type Measures } from './limits.ts';
import type { RenderSettings } from './settings.ts';

export type { Cut, GroupingInfo, Measures };

/** An alert with the event in its request. */
export interface RenderedAlert extends Alert {
  readonly event: SentryEvent;
  /** What the specification leaves out. */
  readonly notSent: readonly Cut[];
}

/** An alert with what the preview says about it. */
export interface SentryAlert extends Alert {
  readonly event: SentryEvent;
  /** What the specification leaves out first, then what Sentry will cut or refuse. */
  readonly cuts: readonly Cut[];
  readonly measures: Measures;
  readonly grouping: GroupingInfo;
}

export interface RequestInput {
  readonly failure: Failure;
  readonly target: EnvelopeTarget;
  readonly settings: RenderSettings;
  /** 0 for the failure's own event, then 1, 2, … for each deliberate resend. */
  readonly resend: number;
}

export interface RenderInput extends RequestInput {
  /** ms since 1970. Decides only whether `cuts` says that the event is too old; the request does not depend on it. */
  readonly now: number;
}

/** Renders a failure for Sentry: the one function behind both preview and delivery. Pure; the result holds no key. */
export function renderRequest({ failure, target, settings, resend }: RequestInput): RenderedAlert {
  const id = eventIdFor(failure.id, resend);
  const { event, notSent } = renderEvent(failure, id, settings);
  const request = envelopeRequest(event, target);
  return {
    failureId: failure.id,
    eventId: id,
    title: headline(event.message),
    request,
    sha256: canonicalHash(request),
    event,
    notSent,
  };
}

/** The same with what Sentry will make of it. */
export function renderAlert(input: RenderInput): SentryAlert {
  const { notSent, ...alert } = renderRequest(input);
  const { event, request } = alert;
  const eventBytes = request.body.length - (request.body.lastIndexOf(10) + 1);
  const { cuts, measures } = inspectEvent(event, eventBytes, input.now);
  return { ...alert, cuts: [...notSent, ...cuts], measures, grouping: groupingOf(event.message) };
}
