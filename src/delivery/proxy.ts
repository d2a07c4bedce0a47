import { BlockList, isIP } from 'node:net';
import * as l10n from '@vscode/l10n';

export interface ProxySettings {
  /** VS Code's `http.proxy`; null when empty. */
  readonly url: string | null;
  /** VS Code's `http.proxyStrictSSL`: certificates must be valid. */
  readonly strictSsl: boolean;
  /** VS Code's `http.noProxy`. */
  readonly noProxy: readonly string[];
}

/** No proxy is set in VS Code, or there is no VS Code: the environment's holds. */
export const NO_PROXY_SET: ProxySettings = { url: null, strictSsl: true, noProxy: [] };

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL, null for none. The setting goes before HTTPS_PROXY, HTTP_PROXY and ALL_PROXY; hosts of
 * `noProxy` or NO_PROXY are reached directly, this machine always. Throws for one that cannot be used.
 */
export function proxyFor(url: URL, settings: ProxySettings, env: Env): URL | null {
  const [from, text] = settings.url === null ? fromEnvironment(url, env) : ['http.proxy', settings.url];
  if (text === '') return null;
  const exceptions =
    settings.noProxy.length > 0 ? settings.noProxy : (env.NO_PROXY ?? env.no_proxy ?? '').split(/[\s,]+/);
  if (isThisMachine(url) || exceptions.some((entry) => covers(entry, url))) return null;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const proxy = URL.parse(withScheme);
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  // Its text may hold a password. To go round it is no way out: who set it meant that nothing does.
  throw new Error(l10n.t('The proxy in {0} cannot be used: its address must begin with http:// or https://.', from));
}

/** A proxy for people: without user name and password. */
export const proxyName = (proxy: URL): string => proxy.host;

/** The variable's name and what it holds; nothing where none is set. */
function fromEnvironment(url: URL, env: Env): readonly [name: string, text: string] {
  const own = url.protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const name = [...own, 'ALL_PROXY', 'all_proxy'].find((each) => env[each] !== undefined);
  return name === undefined ? ['', ''] : [name, env[name] ?? ''];
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase();

function isThisMachine(url: URL): boolean {
  const host = bare(url.hostname);
  return host === 'localhost' || host.endsWith('.localhost') || inList(LOOPBACK, host);
}

function inList(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** One entry of a no-proxy list: `*`, a host, `.domain` or `*.domain`, each with or without port, or a network. */
function covers(entry: string, url: URL): boolean {
  const text = entry.trim().toLowerCase();
  if (text === '') return false;
  if (text === '*') return true;
  if (text.includes('/')) return inNetwork(text, bare(url.hostname));
  const { host, port } = splitPort(text);
  const actualPort = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (port !== null && port !== actualPort) return false;
  const wanted = bare(host).replace(/^\*?\./, '');
  const actual = bare(url.hostname);
  return actual === wanted || actual.endsWith(`.${wanted}`);
}

function splitPort(text: string): { readonly host: string; readonly port: string | null } {
  if (isIP(bare(text)) === 6) return { host: text, port: null };
  const [, host = text, port = null] = /^(.*):(\d+)$/.exec(text) ?? [];
  return { host, port };
}

function inNetwork(text: string, host: string): boolean {
  const [address = '', bits = ''] = text.split('/');
  const family = isIP(bare(address));
  const prefix = Number(bits);
  if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(bare(address), prefix, family === 4 ? 'ipv4' : 'ipv6');
  return inList(list, host);
}
