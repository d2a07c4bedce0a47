import * as l10n from '@vscode/l10n';
import { errorCode } from '../failure/messageOf.ts';
import { proxyName } from './proxy.ts';

/** Why there is no answer, in words that say what to do. The error's own text is not used: it may hold the request. */
export function networkWords(error: unknown, url: URL, proxy: URL | null): string {
  const code = codeOf(error);
  const place = proxy === null ? url.host : l10n.t('{0} (through the proxy {1})', url.host, proxyName(proxy));
  const words = code === null ? undefined : (CONNECTION[code] ?? CERTIFICATE[code]);
  if (words !== undefined) return words(place);
  if (code?.startsWith('HPE_'))
    return l10n.t('{0} does not answer in HTTP ({1}). Check host and port of the address.', place, code);
  if (code?.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return l10n.t(
      '{0} could not agree on an encrypted connection ({1}). Check whether the address begins with http or https.',
      place,
      code,
    );
  }
  return code === null
    ? l10n.t('The connection to {0} failed.', place)
    : l10n.t('The connection to {0} failed ({1}).', place, code);
}

/** The same for an exchange that took too long. */
export function timeoutWords(url: URL, what: 'connect' | 'answer', ms: number): string {
  const seconds = `${Math.round(ms / 100) / 10} s`;
  return what === 'connect'
    ? l10n.t('No connection to {0} within {1}. Check the network, a firewall or the proxy.', url.host, seconds)
    : l10n.t('No answer from {0} within {1}.', url.host, seconds);
}

type Words = (place: string) => string;

const notFound: Words = (place) =>
  l10n.t('The name of {0} cannot be found. Check the address and the network connection.', place);
const closed: Words = (place) => l10n.t('{0} closed the connection before it answered.', place);
const noRoute: Words = (place) => l10n.t('{0} cannot be reached. Check the network connection or VPN.', place);
const timedOut: Words = (place) =>
  l10n.t('The connection to {0} timed out. Check the network, a firewall or the proxy.', place);

const CONNECTION: Readonly<Record<string, Words>> = {
  ECONNREFUSED: (place) =>
    l10n.t('Nobody listens at {0} (connection refused). Check host and port, and whether it runs.', place),
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
  l10n.t(
    "The certificate of {0} is signed by an authority that this machine does not trust. Add that authority (often a company's own) to the system's certificates or to NODE_EXTRA_CA_CERTS, and restart the editor.",
    place,
  );
const outOfDate: Words = (place) =>
  l10n.t("The certificate of {0} is not valid today. Check this machine's clock; else its owner must renew it.", place);

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
    l10n.t('The certificate of {0} belongs to another host. Check the host in the address.', place),
};

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = errorCode(error);
  if (code !== null && !code.startsWith('ERR_BAD')) return code;
  return error.cause === undefined ? null : codeOf(error.cause);
}
