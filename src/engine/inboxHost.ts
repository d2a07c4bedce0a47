import * as l10n from '@vscode/l10n';
import { limitDepth } from '../dagster/depth.ts';
import { type Inbox, openInbox, type ReceivedEvent } from '../delivery/inbox/inbox.ts';
import { messageOf } from '../failure/messageOf.ts';
import type { EngineApi, InboxEvent, Overview } from './api.ts';

export interface InboxHostPorts {
  /** The state folder, which holds the inbox's own file. */
  readonly folder: string;
  onReceived(events: readonly InboxEvent[]): void;
  /** Another window took events away. */
  onCleared(): void;
  warn(message: string): void;
}

/** The inbox as the engine has it: open, or off with the reason. */
export class InboxHost {
  readonly #ports: InboxHostPorts;
  #inbox: Inbox | null = null;
  #fault = l10n.t('The inbox is not open yet.');

  constructor(ports: InboxHostPorts) {
    this.#ports = ports;
  }

  /** Opens it; where that fails the inbox stays off, and everything else goes on. */
  async open(port: number): Promise<void> {
    const { folder, onReceived, warn } = this.#ports;
    try {
      this.#inbox = await openInbox({
        folder,
        port,
        now: Date.now,
        onReceived: (event) => onReceived([event]),
        onFault: (error) => warn(`Inbox: ${messageOf(error)}`),
      });
    } catch (error) {
      this.#fault = l10n.t('The inbox could not be opened: {0}', messageOf(error));
      warn(this.#fault);
    }
  }

  status(): Overview['inbox'] {
    if (this.#inbox === null) return { state: 'off', message: this.#fault };
    const { port, dsn, note } = this.#inbox;
    return { state: 'listening', port, dsn, note };
  }

  /** Windows share what their inboxes received: tells what another one's did since the last look. */
  lookAtOthers(): void {
    const news = this.#inbox?.ofOthers();
    if (!news) return;
    if (news.received.length > 0) this.#ports.onReceived(news.received);
    if (news.cleared) this.#ports.onCleared();
  }

  list: EngineApi['inboxEvents'] = async (limit) => this.#inbox?.list(limit) ?? [];

  /** An event as received, whole but for what is nested too deep to be walked. Throws an Error for the user when it is gone. */
  get(id: number): ReceivedEvent {
    const event = this.#inbox?.get(id) ?? null;
    if (event === null) throw new Error(l10n.t('The inbox no longer has this event: it keeps the newest 1,000.'));
    return { ...event, event: limitDepth(event.event) };
  }

  /** How many events would be in this issue. */
  inIssue = (groupingKey: string): number => this.#inbox?.inIssue(groupingKey) ?? 0;

  clear: EngineApi['clearInbox'] = async () => this.#inbox?.clear();

  async close(): Promise<void> {
    await this.#inbox?.close();
  }
}
