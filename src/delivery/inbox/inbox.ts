import * as l10n from '@vscode/l10n';
import { openInboxStore, type ReceivedEvent } from '../../store/inboxEvents.ts';
import type { InboxEvent } from '../delivery.ts';
import { Endpoint } from './endpoint.ts';
import { OtherInboxes, type OtherInboxesNews } from './otherInboxes.ts';
import { closeServer, listenAtFirst, makeServer, SENDER_TIMES, type SenderTimes } from './server.ts';

export type { EnvelopeLine, ReceivedEvent } from '../../store/inboxEvents.ts';

/** The one project that the inbox has. */
const PROJECT = '1';
/** ms that requests under way get on closing. */
const GRACE = 500;

/** A local endpoint that speaks Sentry's protocol and keeps what it receives. */
export interface Inbox {
  readonly port: number;
  /** For SENTRY_DSN. Its key opens this inbox only and may be shown. */
  readonly dsn: string;
  /** For the user: that the port was taken, or a damaged file was set aside; null when there is nothing to say. */
  readonly note: string | null;
  /** Newest first. */
  list(limit: number): InboxEvent[];
  /** What other windows' inboxes, which keep their events in the same file, did since the last call; null: nothing. */
  ofOthers(): OtherInboxesNews | null;
  get(id: number): ReceivedEvent | null;
  /** How many events would be in this issue. */
  inIssue(groupingKey: string): number;
  clear(): void;
  close(): Promise<void>;
}

export interface InboxOptions {
  /** The state folder, which holds `inbox.db`. */
  readonly folder: string;
  /** The port to try first; 0: any, the same after a restart. */
  readonly port: number;
  /** ms since 1970. */
  readonly now: () => number;
  /** An event came in and is kept. */
  readonly onReceived?: (event: InboxEvent) => void;
  /** A fault of the inbox itself; the sender got a 500. */
  readonly onFault?: (error: unknown) => void;
  /** How long a sender may take. */
  readonly times?: SenderTimes;
}

/**
 * Opens the inbox on 127.0.0.1, with the key it had before. When the port is taken, by another window or program, the
 * one that was used in its place before is tried, then any free one, and `note` says so. Rejects with StateStoreError
 * when `inbox.db` cannot be used, and with an Error for the user when it cannot listen at all.
 */
export async function openInbox(options: InboxOptions): Promise<Inbox> {
  const { store, notes } = openInboxStore(options);
  const others = new OtherInboxes(store);
  const { key, otherPort } = store.endpoint();
  const endpoint = new Endpoint({
    project: PROJECT,
    key,
    now: options.now,
    received: (event) => {
      const kept = store.add(event);
      others.own(kept.id);
      options.onReceived?.(kept);
    },
  });
  const server = makeServer(
    (request) => endpoint.handle(request),
    options.onFault ?? (() => undefined),
    options.times ?? SENDER_TIMES,
  );
  try {
    const fallbacks = otherPort === null ? [0] : [otherPort, 0];
    const { port, refused } = await listenAtFirst(
      server,
      options.port === 0 ? fallbacks : [options.port, ...fallbacks],
    );
    const taken = refused === null || options.port === 0 ? [] : [portTaken(options.port, refused, port)];
    if (port !== options.port && port !== otherPort) store.keepOtherPort(port);
    return {
      port,
      dsn: `http://${key}@127.0.0.1:${port}/${PROJECT}`,
      note: [...notes, ...taken].join(' ') || null,
      close: async () => {
        await closeServer(server, GRACE);
        store.close();
      },
      ofOthers: () => others.news(),
      list: (limit) => store.list(limit),
      get: (id) => store.get(id),
      inIssue: (key) => store.inIssue(key),
      clear: () => store.clear(),
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

function portTaken(wanted: number, refused: string, used: number): string {
  return refused === 'EADDRINUSE'
    ? l10n.t('Port {0} is taken by another window or program, so the inbox listens at port {1}.', wanted, used)
    : l10n.t('Port {0} cannot be used ({2}), so the inbox listens at port {1}.', wanted, used, refused);
}
