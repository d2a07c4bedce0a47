import type { Agent, ClientRequest } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { SecureContext } from 'node:tls';
import axios, { type AxiosInstance } from 'axios';
import type { EndpointAnswer } from '../channels/channel.ts';
import type { CanonicalRequest } from '../channels/request.ts';
import { trustedContext } from './certificates.ts';
import { networkWords, timeoutWords } from './networkWords.ts';
import { type ProxySettings, proxyFor, proxyName } from './proxy.ts';
import { readStart } from './readStart.ts';
import { TunnelAgent } from './tunnelAgent.ts';

export interface HttpClientOptions {
  readonly proxy: ProxySettings;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked up when no proxy is set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** ms until a connection stands, TLS included. */
  readonly connectTimeout?: number;
  /** ms for the whole exchange. */
  readonly wholeTimeout?: number;
}

/** What came of one request. */
export type HttpResult =
  | { readonly outcome: 'answered'; readonly answer: EndpointAnswer }
  /** `words` are for people; `mayHaveArrived` is false when the request certainly never left. */
  | { readonly outcome: 'no-answer'; readonly words: string; readonly mayHaveArrived: boolean }
  /** The caller's signal ended it. */
  | { readonly outcome: 'aborted'; readonly mayHaveArrived: boolean };

type OnAnswer = (res: http.IncomingMessage) => void;

const CONNECT_TIMEOUT = 10_000;
const WHOLE_TIMEOUT = 30_000;
/** Bytes of an answer's body that are read: its words are short, and a stream without end must not fill the memory. */
const ANSWER_BYTES = 8 * 1024;
/**
 * Sends canonical requests so that the bytes on the socket are the given headers, in their order, and the body;
 * besides them only Host, Connection and Content-Length, which belong to the connection. Connections are kept alive.
 * Redirects are not followed: the key would go with them.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #axios: AxiosInstance;
  readonly #agents = new Map<string, Agent>();
  #context: SecureContext | undefined;
  #underWay = 0;
  #closed = false;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#axios = axios.create({
      adapter: 'http',
      proxy: false,
      maxRedirects: 0,
      responseType: 'stream',
      maxBodyLength: Number.POSITIVE_INFINITY,
      validateStatus: () => true,
      transformRequest: [(data) => data],
    });
  }

  /** Sends one request. Never rejects: what goes wrong is told in the result. */
  async send(request: CanonicalRequest, signal?: AbortSignal): Promise<HttpResult> {
    const { connectTimeout = CONNECT_TIMEOUT, wholeTimeout = WHOLE_TIMEOUT } = this.#options;
    const url = new URL(request.url);
    const proxy = proxyFor(url, this.#options.proxy, this.#options.env);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), wholeTimeout);
    const either = signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal;
    // Not by destroying the request: that says nothing while a proxy has not answered yet.
    this.#underWay += 1;
    const progress = new Progress(connectTimeout, () => timeout.abort());
    try {
      const response = await this.#axios.request({
        method: request.method,
        url: request.url,
        data: Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength),
        signal: either,
        // axios would add headers and rewrite names: what it made of them is not used.
        transport: {
          request: (options: https.RequestOptions, onAnswer: OnAnswer) =>
            progress.follow(this.#open(url, proxy, { ...options, headers: onSocket(request) }, onAnswer)),
        },
      });
      if (progress.proxyStatus !== null) return notSent(refusedByProxy(proxy, progress.proxyStatus));
      const body = await readStart(response.data, ANSWER_BYTES, either);
      return { outcome: 'answered', answer: { status: response.status, headers: flat(response.headers), body } };
    } catch (error) {
      const mayHaveArrived = progress.connected;
      if (signal?.aborted) return { outcome: 'aborted', mayHaveArrived };
      if (progress.connectTimedOut) return notSent(timeoutWords(proxy ?? url, 'connect', connectTimeout));
      if (timeout.signal.aborted) {
        return { outcome: 'no-answer', words: timeoutWords(url, 'answer', wholeTimeout), mayHaveArrived };
      }
      // Never the error itself: it holds the request's headers, and the key is one of them.
      return { outcome: 'no-answer', words: networkWords(error, url, proxy), mayHaveArrived };
    } finally {
      clearTimeout(timer);
      progress.done();
      this.#underWay -= 1;
      if (this.#closed) this.close();
    }
  }

  /** Closes the connections when the requests under way have ended. */
  close(): void {
    this.#closed = true;
    if (this.#underWay > 0) return;
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #open(url: URL, proxy: URL | null, options: https.RequestOptions, onAnswer: OnAnswer): ClientRequest {
    const agent = this.#agent(url.protocol, proxy);
    if (url.protocol !== 'https:') return http.request({ ...options, agent }, onAnswer);
    this.#context ??= trustedContext();
    const trust = { secureContext: this.#context, rejectUnauthorized: this.#options.proxy.strictSsl };
    const secure: https.RequestOptions = { ...options, ...trust, agent };
    return https.request(secure, onAnswer);
  }

  #agent(protocol: string, proxy: URL | null): Agent {
    const name = `${protocol} ${proxy?.href ?? ''}`;
    const known = this.#agents.get(name);
    if (known !== undefined) return known;
    const agent = this.#makeAgent(protocol, proxy);
    this.#agents.set(name, agent);
    return agent;
  }

  #makeAgent(protocol: string, proxy: URL | null): Agent {
    if (proxy === null)
      return protocol === 'https:' ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
    this.#context ??= trustedContext();
    const rejectUnauthorized = this.#options.proxy.strictSsl;
    const timeout = this.#options.connectTimeout ?? CONNECT_TIMEOUT;
    return new TunnelAgent(proxy, { keepAlive: true, secureContext: this.#context, rejectUnauthorized }, timeout);
  }
}

export const openHttpClient = (options: HttpClientOptions): HttpClient => new HttpClient(options);

/** Watches how far a request came: whether its connection stands, and what a proxy said. */
class Progress {
  connected = false;
  connectTimedOut = false;
  /** Set when a proxy refused the tunnel: the answer that follows is the proxy's, not the endpoint's. */
  proxyStatus: number | null = null;
  readonly #connectTimeout: number;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(connectTimeout: number, giveUp: () => void) {
    this.#connectTimeout = connectTimeout;
    this.#giveUp = giveUp;
  }

  follow(request: ClientRequest): ClientRequest {
    this.#timer = setTimeout(() => {
      this.connectTimedOut = true;
      this.#giveUp();
    }, this.#connectTimeout);
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      if (statusCode !== 200) this.proxyStatus = statusCode;
    });
    request.once('socket', (socket) => {
      const secure = 'encrypted' in socket;
      if (request.reusedSocket || (!socket.connecting && !secure)) this.#stands();
      else socket.once(secure ? 'secureConnect' : 'connect', () => this.#stands());
    });
    return request;
  }

  done(): void {
    clearTimeout(this.#timer);
  }

  #stands(): void {
    clearTimeout(this.#timer);
    this.connected = this.proxyStatus === null;
  }
}

/** The canonical headers as they are, in their order; Node adds Host and Connection. */
const onSocket = ({ headers, body }: CanonicalRequest): Record<string, string> => ({
  ...Object.fromEntries(headers),
  'content-length': String(body.byteLength),
});

const notSent = (words: string): HttpResult => ({ outcome: 'no-answer', words, mayHaveArrived: false });

function refusedByProxy(proxy: URL | null, status: number): string {
  const name = proxy === null ? 'The proxy' : `The proxy ${proxyName(proxy)}`;
  if (status === 407) return `${name} asks for a user name and password (407). Put them into the setting http.proxy.`;
  return `${name} did not open a connection (${status}). Check the setting http.proxy.`;
}

function flat(headers: object): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' || Array.isArray(value) ? [[name.toLowerCase(), String(value)] as const] : [],
  );
  return Object.fromEntries(entries);
}
