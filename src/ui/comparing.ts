import * as vscode from 'vscode';
import type { EngineApi } from '../engine/api.ts';
import { type Comparable, offersFor } from './comparable.ts';
import { compareTwo } from './compare.ts';
import { eventName, type NamedEvent } from './namedEvent.ts';
import type { Session } from './session.ts';
import { inert } from './text.ts';

/** So many of each kind are offered. */
const OFFERED = 100;

type Item = vscode.QuickPickItem & { readonly other?: NamedEvent };

/** Compares an event with one that the user picks: what was delivered, another failure, or what the inbox received. */
export class Comparing {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async pick(event: NamedEvent): Promise<void> {
    const picked = await vscode.window.showQuickPick(this.#items(event), {
      title: vscode.l10n.t('Compare {0} With…', inert(eventName(event.title))),
      placeHolder: vscode.l10n.t('With which event?'),
      matchOnDescription: true,
    });
    if (picked?.other) await compareTwo(picked.other, event);
  }

  async #items(event: NamedEvent): Promise<readonly Item[]> {
    const among = await this.#session.call((engine) => comparable(engine, event));
    return offersFor(event, among, Date.now(), vscode.l10n).flatMap(({ label, list }) => [
      { label, kind: vscode.QuickPickItemKind.Separator },
      ...list,
    ]);
  }
}

async function comparable(engine: EngineApi, { source }: NamedEvent): Promise<Comparable> {
  const [told, deliveries, failures, received] = await Promise.all([
    source.kind === 'inbox' ? engine.failureOfInboxEvent(source.id) : null,
    engine.deliveries({ group: null, limit: OFFERED, before: null }),
    engine.failures({ status: 'all', group: null, limit: OFFERED, before: null }),
    engine.inboxEvents(OFFERED),
  ]);
  const own = told?.rows ?? [];
  const id = source.kind === 'failure' ? source.id : own[0]?.id;
  const related = id === undefined ? { delivery: null, failures: [] } : await engine.related(id, OFFERED);
  return { own, related, deliveries: deliveries.rows, failures: failures.rows, received };
}
