import * as vscode from 'vscode';
import { compareTwo } from './compare.ts';
import { failureMarks } from './failures/rows.ts';
import { eventName, eventOfDelivery, eventOfFailure, eventReceived, type NamedEvent } from './namedEvent.ts';
import { inboxEventRow } from './sent/inboxRows.ts';
import { deliveryRow } from './sent/rows.ts';
import type { Session } from './session.ts';
import { dotted, inert } from './text.ts';
import { shortTime } from './time.ts';

/** So many of each kind are offered. */
const OFFERED = 100;

type Item = vscode.QuickPickItem & { readonly other?: NamedEvent };

/** Compares an event with one that the user picks: what was sent last, another failure, or what the inbox received. */
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
    const { l10n } = vscode;
    const now = Date.now();
    const [deliveries, failures, received] = await this.#session.call((engine) =>
      Promise.all([
        engine.deliveries({ group: null, limit: OFFERED, before: null }),
        engine.failures({ status: 'all', group: null, limit: OFFERED, before: null }),
        engine.inboxEvents(OFFERED),
      ]),
    );
    const title = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
    const own = ({ source }: NamedEvent): boolean => source.kind === event.source.kind && source.id === event.source.id;
    const items = (label: string, list: readonly (Item & { readonly other: NamedEvent })[]): readonly Item[] => {
      const others = list.filter(({ other }) => !own(other));
      // What is called the same comes first: that is what one compares with.
      const [alike, rest] = [true, false].map((same) =>
        others.filter(({ other }) => (other.title === event.title) === same),
      );
      return others.length === 0 ? [] : [title(label), ...(alike ?? []), ...(rest ?? [])];
    };
    return [
      ...items(
        l10n.t('sent, the last one first'),
        deliveries.rows.map((delivery) => {
          const row = deliveryRow(delivery, now, l10n);
          const other = eventOfDelivery(delivery);
          return { label: inert(eventName(other.title)), description: inert(row.description), other };
        }),
      ),
      ...items(
        l10n.t('failures'),
        failures.rows.map((failure) => {
          const other = eventOfFailure(failure);
          const description = dotted(...failureMarks(failure, l10n), shortTime(other.at, now), other.partition);
          return { label: inert(eventName(other.title)), description: inert(description), other };
        }),
      ),
      ...items(
        l10n.t('received by the inbox'),
        received.map((one) => {
          const row = inboxEventRow(one, l10n);
          const other = eventReceived(one);
          return {
            label: inert(eventName(other.title)),
            description: inert(dotted(row.description, one.sender)),
            other,
          };
        }),
      ),
    ];
  }
}
