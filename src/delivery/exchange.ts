import type { ClientRequest, IncomingMessage } from 'node:http';
import type { EndpointAnswer } from '../channels/channel.ts';
import { readStart } from './readStart.ts';

export type OnAnswer = (answer: IncomingMessage) => void;

export interface Limits {
  /** ms until a connection stands, TLS included. */
  readonly connect: number;
  /** ms for the whole exchange. */
  readonly whole: number;
  /** The caller's wish to end it. */
  readonly signal: AbortSignal | undefined;
  /** Bytes of the answer's body that are read: a stream without end must not fill the memory. */
  readonly answerBytes: number;
}

/** Why an exchange was ended from here. */
export type Ending = 'connect-timeout' | 'timeout' | 'aborted';

/** One request and its answer on a connection, and how far it came. */
export class Exchange {
  /** The connection stood: from here on the request may have arrived. */
  connected = false;
  /** Set when a proxy refused the tunnel: the answer that follows is the proxy's, not the endpoint's. */
  proxyStatus: number | null = null;
  ended: Ending | null = null;
  readonly #limits: Limits;
  #request: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #giveUp: (reason: Error) => void = () => undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Sends the body and reads the answer; rejects with what the connection says, or when a limit ends it. */
  async run(open: (onAnswer: OnAnswer) => ClientRequest, body: Uint8Array): Promise<EndpointAnswer> {
    const { connect, whole, signal, answerBytes } = this.#limits;
    const onAbort = (): void => this.#end('aborted');
    const wholeTimer = setTimeout(() => this.#end('timeout'), whole);
    const connectTimer = setTimeout(() => this.#end('connect-timeout'), connect);
    signal?.addEventListener('abort', onAbort);
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        this.#giveUp = reject;
        this.#request = open(resolve);
        this.#request.on('error', reject);
        this.#follow(this.#request, () => clearTimeout(connectTimer));
        if (signal?.aborted) this.#end('aborted');
        else this.#request.end(body);
      });
      this.#answer = answer;
      const { statusCode = 0, headers } = answer;
      return { status: statusCode, headers: flat(headers), body: await readStart(answer, answerBytes) };
    } finally {
      clearTimeout(wholeTimer);
      clearTimeout(connectTimer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends it: without an answer yet it fails; of an answer's body, what has come counts. */
  #end(ending: Ending): void {
    this.ended ??= ending;
    this.#giveUp(new Error(ending)); // the request itself says nothing while a proxy has not answered yet
    this.#answer?.destroy();
    this.#request?.destroy();
  }

  #follow(request: ClientRequest, onConnected: () => void): void {
    const stands = (): void => {
      onConnected();
      this.connected = this.proxyStatus === null;
    };
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      if (statusCode !== 200) this.proxyStatus = statusCode;
    });
    request.once('socket', (socket) => {
      const secure = 'encrypted' in socket;
      if (request.reusedSocket || (!socket.connecting && !secure)) stands();
      else socket.once(secure ? 'secureConnect' : 'connect', stands);
    });
  }
}

function flat(headers: IncomingMessage['headers']): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all[name] = String(value);
  return all;
}
