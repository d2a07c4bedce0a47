import tls, { type SecureContext } from 'node:tls';

/**
 * The authorities to trust: those that come with Node (with NODE_EXTRA_CA_CERTS) and the system's own, where Node can
 * read them. VS Code's patches that do this for the extension host do not reach a worker thread. Made once and shared
 * by all connections, because parsing some 300 certificates takes tens of ms.
 */
export function trustedContext(): SecureContext {
  if (typeof tls.getCACertificates !== 'function') return tls.createSecureContext(); // Node before 22.15
  return tls.createSecureContext({ ca: [...tls.getCACertificates('default'), ...systemCertificates()] });
}

function systemCertificates(): string[] {
  try {
    return tls.getCACertificates('system');
  } catch {
    return []; // an unreadable system store leaves the bundled ones; a certificate error then says what to do
  }
}
