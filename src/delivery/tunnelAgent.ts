import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { HttpsProxyAgent, type HttpsProxyAgentOptions } from 'https-proxy-agent';

type Options = HttpsProxyAgentOptions<string>;
type ConnectOptions = Parameters<HttpsProxyAgent<string>['connect']>[1];

/**
 * An HttpsProxyAgent that ends the connection to a proxy which does not answer in time. The request cannot: it has no
 * socket yet, and the open one would keep the process alive.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #timeout: number;

  /** @param timeout ms until the proxy must have opened the tunnel. */
  constructor(proxy: URL, options: Options, timeout: number) {
    super(proxy, options);
    this.#timeout = timeout;
  }

  override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    const tooLate = new AbortController();
    const timer = setTimeout(() => tooLate.abort(), this.#timeout);
    // The options are read before the first await, so each connection gets its own signal.
    this.connectOpts = { ...this.connectOpts, signal: tooLate.signal };
    try {
      return await super.connect(request, options);
    } finally {
      clearTimeout(timer);
    }
  }
}
