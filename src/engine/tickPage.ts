import type { Alert } from '../channels/channel.ts';
import { renderRequest } from '../channels/sentry/render.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import type { Failure } from '../failure/failure.ts';
import type { TickPage } from '../sensors/runTick.ts';
import { DONE_KEPT } from '../store/retention.ts';
import type { NewOutboxRow, TickCommit } from '../store/stateStore.ts';
import type { EngineSettings } from './api.ts';
import { newFailure } from './newFailure.ts';
import type { ResolvedTarget, Targets } from './targets.ts';

export interface PageContext {
  readonly settings: EngineSettings;
  readonly render: RenderSettings;
  readonly targets: Targets;
  /**
   * When Firedrill first met the instance (ms since 1970): what was recorded before, or longer ago than a sent failure
   * is remembered, is never sent by itself.
   */
  readonly since: number;
}

/** Turns a page of a tick into what is stored of it in one transaction: failures, and alerts where they go by themselves. */
export async function commitOf(page: TickPage, context: PageContext): Promise<Omit<TickCommit, 'epoch'>> {
  const { failures, ...rest } = page;
  // What was sent and forgotten since would go out again when a cursor is set back.
  const since = Math.max(context.since, Date.now() - DONE_KEPT);
  const found = failures.map((failure) => newFailure(failure, failure.timestamp * 1000 < since, context.render));
  const outbox: NewOutboxRow[] = [];
  for (const { failure, beforeFiredrill } of found) {
    if (beforeFiredrill) continue;
    const alert = await automaticAlert(failure, context);
    if (alert !== null) outbox.push(alert);
  }
  return { ...rest, found, outbox };
}

/** The alert of a failure that is sent without a person's click; null for one that is held. */
async function automaticAlert(failure: Failure, context: PageContext): Promise<NewOutboxRow | null> {
  const { settings, render, targets } = context;
  if (settings.deliveryMode === 'hold') return null;
  if (failure.kind === 'run' && failure.willRetry && settings.skipRetried) return null;
  const choice = settings.deliveryMode === 'inbox' ? 'inbox' : 'sentry';
  // Automatic delivery never falls back: without a usable, approved DSN the failure is held.
  const resolved = await targets.resolve(failure.codeLocation, choice, 'send');
  if (resolved.outcome === 'impossible') return null;
  const { shown, envelope } = resolved.target;
  if (shown.kind === 'sentry' && !shown.approved) return null;
  const alert = renderRequest({ failure, target: envelope, settings: render, resend: 0 });
  return outboxRow(failure, alert, resolved.target, 'automatic');
}

export function outboxRow(
  failure: Failure,
  alert: Alert,
  target: Pick<ResolvedTarget, 'row' | 'closes'>,
  sentBy: NewOutboxRow['sentBy'],
): NewOutboxRow {
  return {
    failureId: failure.id,
    failureKind: failure.kind,
    severity: failure.kind === 'check' ? failure.severity : null,
    title: alert.title,
    partition: failure.partition,
    eventId: alert.eventId,
    target: target.row,
    sentBy,
    closes: target.closes,
    request: alert.request,
    sha256: alert.sha256,
  };
}
