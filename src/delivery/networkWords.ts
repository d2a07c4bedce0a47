import { proxyName } from './proxy.ts';

/** Why there is no answer, in words that say what to do. The error's own text is not used: it may hold the request. */
export function networkWords(error: unknown, url: URL, proxy: URL | null): string {
  const code = codeOf(error);
  const through = proxy === null ? '' : ` (through the proxy ${proxyName(proxy)})`;
  const place = `${url.host}${through}`;
  const words = code === null ? undefined : (CONNECTION[code] ?? CERTIFICATE[code]);
  if (words !== undefined) return words(place);
  if (code?.startsWith('HPE_'))
    return `${place} does not answer in HTTP (${code}). Check host and port of the address.`;
  if (code?.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return `${place} could not agree on an encrypted connection (${code}). Check whether the address begins with http or https.`;
  }
  return `The connection to ${place} failed${code === null ? '' : ` (${code})`}. It is tried again.`;
}

/** The same for an exchange that took too long. */
export function timeoutWords(url: URL, what: 'connect' | 'answer', ms: number): string {
  const seconds = `${Math.round(ms / 100) / 10} s`;
  return what === 'connect'
    ? `No connection to ${url.host} within ${seconds}. Check the network, a firewall or the proxy.`
    : `No answer from ${url.host} within ${seconds}. It is tried again.`;
}

type Words = (place: string) => string;

const notFound: Words = (place) =>
  `The name of ${place} cannot be found. Check the address and the network connection.`;
const closed: Words = (place) => `${place} closed the connection before it answered. It is tried again.`;
const noRoute: Words = (place) => `${place} cannot be reached. Check the network connection or VPN.`;
const timedOut: Words = (place) => `The connection to ${place} timed out. Check the network, a firewall or the proxy.`;

const CONNECTION: Readonly<Record<string, Words>> = {
  ECONNREFUSED: (place) => `Nobody listens at ${place} (connection refused). Check host and port, and whether it runs.`,
  ENOTFOUND: notFound,
  EAI_AGAIN: notFound,
  ECONNRESET: closed,
  EPIPE: closed,
  ECONNABORTED: closed,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ENETDOWN: noRoute,
  EADDRNOTAVAIL: noRoute,
  ETIMEDOUT: timedOut,
};

const untrusted: Words = (place) =>
  `The certificate of ${place} is signed by an authority that this machine does not trust. Add that authority (often a company's own) to the system's certificates or to NODE_EXTRA_CA_CERTS, and restart the editor.`;
const outOfDate: Words = (place) =>
  `The certificate of ${place} is not valid today. Check this machine's clock; else its owner must renew it.`;

const CERTIFICATE: Readonly<Record<string, Words>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_HAS_EXPIRED: outOfDate,
  CERT_NOT_YET_VALID: outOfDate,
  ERR_TLS_CERT_ALTNAME_INVALID: (place) =>
    `The certificate of ${place} belongs to another host. Check the host in the address.`,
};

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_BAD')) return error.code;
  return error.cause === undefined ? null : codeOf(error.cause);
}
