import * as l10n from '@vscode/l10n';
import { type Dsn, parseDsn } from '../channels/sentry/dsn.ts';
import { type EnvelopeTarget, envelopeTarget } from '../channels/sentry/envelope.ts';
import type { DeliveryTarget } from '../delivery/delivery.ts';
import type { InboxTarget, Overview, SentryTarget, TargetChoice } from './api.ts';
import type { Dsns } from './dsns.ts';

/** A target that an alert can be made for. */
export interface ResolvedTarget {
  readonly shown: SentryTarget | InboxTarget;
  /** What the outbox row says. */
  readonly row: DeliveryTarget;
  readonly envelope: EnvelopeTarget;
  /** Its acceptance makes the failure sent; false for the inbox while the failure has a DSN to go to. */
  readonly closes: boolean;
  /** Why it is the inbox although Sentry was meant; null otherwise. */
  readonly note: string | null;
}

export type TargetResolution =
  | { readonly outcome: 'resolved'; readonly target: ResolvedTarget }
  | { readonly outcome: 'impossible'; readonly message: string };

/** Which targets there are: the DSNs of the code locations, and the inbox. */
export class Targets {
  readonly #dsns: Dsns;
  readonly #inbox: () => Overview['inbox'];

  constructor(dsns: Dsns, inbox: () => Overview['inbox']) {
    this.#dsns = dsns;
    this.#inbox = inbox;
  }

  /**
   * Where a failure of this code location goes. By default to its DSN, without one to the inbox; a malformed DSN never
   * becomes another target by itself: a preview shows the inbox with a note, sending is impossible.
   */
  async resolve(codeLocation: string | null, choice: TargetChoice, use: 'preview' | 'send'): Promise<TargetResolution> {
    const found = await this.#dsns.of(codeLocation);
    if (choice === 'inbox') return this.#toInbox(null, found.state === 'none');
    switch (found.state) {
      case 'found': {
        const shown = this.#dsns.target(found);
        const row = { kind: 'sentry', dsn: shown.dsn, host: shown.host, project: shown.project } as const;
        return {
          outcome: 'resolved',
          target: { shown, row, envelope: envelopeTarget(found.dsn), closes: true, note: null },
        };
      }
      case 'malformed': {
        const message = l10n.t('The DSN in {0} cannot be used: {1}', found.source, found.message);
        return use === 'preview' ? this.#toInbox(message, false) : { outcome: 'impossible', message };
      }
      case 'none': {
        const place = codeLocation === null ? l10n.t('this workspace') : codeLocation;
        if (choice === 'default')
          return this.#toInbox(l10n.t('No DSN is set for {0}; nothing leaves this machine.', place), true);
        const message = l10n.t('No DSN is set for {0}. Put SENTRY_DSN into its .env, or run "Set Sentry DSN…".', place);
        return use === 'preview' ? this.#toInbox(message, true) : { outcome: 'impossible', message };
      }
    }
  }

  /** The DSN whose key an outbox row needs; null when none of the code locations has it now. */
  async dsnFor(target: DeliveryTarget): Promise<Dsn | null> {
    if (target.kind === 'sentry') return this.#dsns.byFingerprint(target.dsn);
    return this.#inboxDsn();
  }

  #inboxDsn(): Dsn | null {
    const inbox = this.#inbox();
    if (inbox.state !== 'listening') return null;
    const parsed = parseDsn(inbox.dsn);
    if (parsed.outcome === 'malformed') throw new Error(`The inbox has a DSN that cannot be parsed: ${parsed.message}`);
    return parsed.dsn;
  }

  #toInbox(note: string | null, closes: boolean): TargetResolution {
    const inbox = this.#inbox();
    const dsn = this.#inboxDsn();
    if (inbox.state !== 'listening' || dsn === null) {
      return {
        outcome: 'impossible',
        message: inbox.state === 'off' ? inbox.message : l10n.t('The inbox is not listening.'),
      };
    }
    return {
      outcome: 'resolved',
      target: {
        shown: { kind: 'inbox', host: dsn.host, port: inbox.port },
        row: { kind: 'inbox' },
        envelope: envelopeTarget(dsn),
        closes,
        note,
      },
    };
  }
}
