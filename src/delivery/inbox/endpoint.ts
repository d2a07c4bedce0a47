import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { canonicalHash } from '../../channels/canonicalHash.ts';
import { MASKED_KEY } from '../../channels/sentry/dsn.ts';
import type { NewInboxEvent } from '../../store/inboxEvents.ts';
import { type Answer, Refusal } from './answer.ts';
import { authorize } from './auth.ts';
import { type Body, Budget, readBody } from './body.ts';
import { describeEvent } from './describeEvent.ts';
import { lineOf, type ParsedEnvelope, parseEnvelope, parseEvent } from './envelope.ts';
import { refuseWebPages } from './guard.ts';

export interface EndpointPorts {
  readonly project: string;
  readonly key: string;
  /** Keeps an event. */
  received(event: NewInboxEvent): void;
  /** ms since 1970. */
  now(): number;
}

const HELLO = `This is Firedrill's inbox. It speaks Sentry's protocol and shows in the editor what it receives.
Nothing leaves this machine. Use the inbox's DSN, which Firedrill shows, as SENTRY_DSN.
`;
/** Headers that carry a secret of somebody else. The inbox's own key is masked wherever it stands. */
const NOT_KEPT: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** What the inbox answers to a request: Sentry's envelope and store endpoints, and nothing else. */
export class Endpoint {
  readonly #ports: EndpointPorts;
  readonly #budget = new Budget();

  constructor(ports: EndpointPorts) {
    this.#ports = ports;
  }

  async handle(request: IncomingMessage): Promise<Answer> {
    refuseWebPages(request);
    const target = `http://${request.headers.host}${request.url}`;
    if (!URL.canParse(target)) throw new Refusal(404, 'not found');
    const url = new URL(target);
    if (url.pathname === '/') return greet(request);
    const [, project, kind] = /^\/api\/([^/]+)\/(envelope|store)\/?$/.exec(url.pathname) ?? [];
    if (project === undefined) throw new Refusal(404, 'not found');
    if (request.method !== 'POST') return notAllowed('POST');
    const { client } = authorize(request.headers, url, project, this.#ports);
    const body = await readBody(request, this.#budget);
    try {
      if (body.content.length === 0) throw new Refusal(400, 'empty request body');
      const parsed = kind === 'store' ? asEnvelope(body) : parseEnvelope(body.content);
      return { status: 200, body: { id: this.#take(request, url, parsed, client, body) } };
    } finally {
      body.release();
    }
  }

  #take(request: IncomingMessage, url: URL, parsed: ParsedEnvelope, client: string | null, body: Body): string {
    const { header, event, lines } = parsed;
    const headerId = typeof header.event_id === 'string' ? header.event_id : null;
    if (event === null) return headerId ?? newId();
    const headers = rawPairs(request);
    const userAgent = request.headers['user-agent'] ?? null;
    const described = describeEvent(event.event, { sdk: header.sdk, client, userAgent });
    const eventId = described.eventId ?? headerId;
    this.#ports.received({
      ...described,
      eventId,
      receivedAt: this.#ports.now(),
      bytes: body.raw.length,
      // The query may hold the key and is no part of the canonical request.
      sha256: canonicalHash({ method: 'POST', url: `${url.origin}${url.pathname}`, headers, body: body.raw }),
      url: this.#masked(url.href),
      headers: headers
        .filter(([name]) => !NOT_KEPT.has(name))
        .map(([name, value]): [string, string] => [name, this.#masked(value)]),
      contentBytes: body.content.length,
      envelope: lines.map((line) => (line.text === null ? line : { ...line, text: this.#masked(line.text) })),
      json: event.json,
    });
    return eventId ?? newId();
  }

  #masked(text: string): string {
    return text.replaceAll(this.#ports.key, MASKED_KEY);
  }
}

/** The older store endpoint takes one event without an envelope. */
function asEnvelope({ content }: Body): ParsedEnvelope {
  try {
    const lines = [lineOf('payload', 'event', content)];
    return { header: {}, event: parseEvent(content, 'the event'), lines };
  } catch (error) {
    const isBadJson = error instanceof Refusal && error.answer.status === 400;
    throw isBadJson ? new Refusal(400, 'invalid JSON data', [error.message]) : error;
  }
}

function greet(request: IncomingMessage): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed('GET, HEAD');
  return { status: 200, body: HELLO };
}

const notAllowed = (allow: string): Answer => ({
  status: 405,
  body: { detail: `method not allowed; use ${allow}` },
  headers: { allow },
});

const newId = (): string => randomUUID().replaceAll('-', '');

/** All headers as they came, in order, names in lower case. */
function rawPairs({ rawHeaders }: IncomingMessage): [string, string][] {
  return rawHeaders.flatMap((name, i): [string, string][] =>
    i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1] ?? '']] : [],
  );
}
