import type { Agent, ClientRequest } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { SecureContext } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import * as l10n from '@vscode/l10n';
import { Axios } from 'axios';
import type { EndpointAnswer } from '../channels/channel.ts';
import type { CanonicalRequest } from '../channels/request.ts';
import { messageOf } from '../failure/messageOf.ts';
import { trustedContext } from './certificates.ts';
import { Exchange, type OnAnswer } from './exchange.ts';
import { networkWords, timeoutWords } from './networkWords.ts';
import { type ProxySettings, proxyFor, proxyName } from './proxy.ts';
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

/** What goes to a socket: a canonical request, or a question to an API. */
export interface OutgoingRequest extends Omit<CanonicalRequest, 'method'> {
  readonly method: 'GET' | 'POST';
}

/** Bytes that are read of an endpoint's answer to an alert: its words are short. */
const ANSWER_BYTES = 8 * 1024;
const CONNECT_TIMEOUT = 10_000;
const WHOLE_TIMEOUT = 30_000;

/** How a host is reached. */
interface Route {
  readonly proxy: URL | null;
  readonly agent: Agent;
  readonly options: https.RequestOptions;
}

/**
 * Sends canonical requests so that the bytes on the socket are the given headers, in their order, and the body;
 * besides them only Host, Connection and Content-Length, which belong to the connection. Connections are kept alive.
 * Redirects are not followed: the key would go with them.
 *
 * axios runs the request with an adapter of Firedrill's own: the one that axios has for Node adds headers, rewrites
 * names, and takes longer for a request than everything else in a delivery.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #connectTimeout: number;
  readonly #wholeTimeout: number;
  /** Without axios' defaults: they would be worked into every request, and none of them is wanted. */
  readonly #axios = new Axios({ headers: {} });
  /** By origin. */
  readonly #routes = new Map<string, Route>();
  #context: SecureContext | undefined;
  #underWay = 0;
  #closed = false;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#connectTimeout = options.connectTimeout ?? CONNECT_TIMEOUT;
    this.#wholeTimeout = options.wholeTimeout ?? WHOLE_TIMEOUT;
  }

  /** Sends one request, to an address that can be parsed: what else goes wrong is told in the result. */
  async send(request: OutgoingRequest, signal?: AbortSignal, answerBytes = ANSWER_BYTES): Promise<HttpResult> {
    const url = new URL(request.url);
    let route: Route;
    try {
      route = this.#route(url);
    } catch (error) {
      return notSent(messageOf(error)); // its words hold no password of a proxy
    }
    this.#underWay += 1;
    const exchange = new Exchange({ connect: this.#connectTimeout, whole: this.#wholeTimeout, signal, answerBytes });
    try {
      const { data: answer } = await this.#axios.request<EndpointAnswer>({
        method: request.method,
        url: request.url,
        adapter: async (config) => {
          const data = await exchange.run((onAnswer) => this.#open(route, url, request, onAnswer), request.body);
          return { data, status: data.status, statusText: '', headers: {}, config };
        },
      });
      if (exchange.proxyStatus !== null) return notSent(refusedByProxy(route.proxy, exchange.proxyStatus));
      return { outcome: 'answered', answer };
    } catch (error) {
      return this.#noAnswer(exchange, url, route.proxy, error);
    } finally {
      this.#underWay -= 1;
      if (this.#closed) this.close();
    }
  }

  /** Closes the connections when the requests under way have ended. */
  close(): void {
    this.#closed = true;
    if (this.#underWay > 0) return;
    for (const { agent } of this.#routes.values()) agent.destroy();
    this.#routes.clear();
  }

  #noAnswer({ connected, ended }: Exchange, url: URL, proxy: URL | null, error: unknown): HttpResult {
    switch (ended) {
      case 'aborted':
        return { outcome: 'aborted', mayHaveArrived: connected };
      case 'connect-timeout':
        return notSent(timeoutWords(proxy ?? url, 'connect', this.#connectTimeout));
      case 'timeout': {
        const words = timeoutWords(url, 'answer', this.#wholeTimeout);
        return { outcome: 'no-answer', words, mayHaveArrived: connected };
      }
      case null:
        // Never the error itself: it holds the request's headers, and the key is one of them.
        return { outcome: 'no-answer', words: networkWords(error, url, proxy), mayHaveArrived: connected };
    }
  }

  #open({ options }: Route, url: URL, request: OutgoingRequest, onAnswer: OnAnswer): ClientRequest {
    const { method, headers, body } = request;
    // The canonical headers as they are, in their order; Node adds Host and Connection.
    const length = method === 'POST' ? { 'content-length': String(body.byteLength) } : {};
    const onSocket = { ...Object.fromEntries(headers), ...length };
    const all = { ...options, path: url.pathname + url.search, method, headers: onSocket };
    return url.protocol === 'https:' ? https.request(all, onAnswer) : http.request(all, onAnswer);
  }

  #route(url: URL): Route {
    const known = this.#routes.get(url.origin);
    if (known !== undefined) return known;
    const proxy = proxyFor(url, this.#options.proxy, this.#options.env);
    const trust = url.protocol === 'https:' ? this.#trust() : {};
    const agent = this.#agent(url, proxy);
    const route = { proxy, agent, options: { ...urlToHttpOptions(new URL(url.origin)), ...trust, agent } };
    this.#routes.set(url.origin, route);
    return route;
  }

  #agent(url: URL, proxy: URL | null): Agent {
    if (proxy !== null) return new TunnelAgent(proxy, { keepAlive: true, ...this.#trust() }, this.#connectTimeout);
    return url.protocol === 'https:' ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  }

  #trust(): { readonly secureContext: SecureContext; readonly rejectUnauthorized: boolean } {
    this.#context ??= trustedContext();
    return { secureContext: this.#context, rejectUnauthorized: this.#options.proxy.strictSsl };
  }
}

const notSent = (words: string): HttpResult => ({ outcome: 'no-answer', words, mayHaveArrived: false });

function refusedByProxy(proxy: URL | null, status: number): string {
  const name = proxy === null ? l10n.t('The proxy') : l10n.t('The proxy {0}', proxyName(proxy));
  if (status === 407)
    return l10n.t('{0} asks for a user name and password (407). Put them into the setting http.proxy.', name);
  return l10n.t('{0} did not open a connection ({1}). Check the setting http.proxy.', name, status);
}
