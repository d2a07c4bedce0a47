import * as l10n from '@vscode/l10n';

const FORM = 'https://<key>@<host>/<project number>';

/**
 * Says what is wrong with a DSN, or null. It accepts less than Sentry's own parser, which takes the number at the
 * start of `12abc` for a project and prints what it cannot parse. The answers are fixed sentences: they repeat
 * nothing of the text, because a key may stand anywhere in a wrong one.
 */
export function dsnProblem(text: string): string | null {
  return textProblem(text) ?? partsProblem(text);
}

function textProblem(text: string): string | null {
  if (text.trim() === '') return l10n.t('The DSN is empty.');
  if (/[\s\p{Cc}]/u.test(text)) return l10n.t('The DSN has a space or line break in it. Remove it.');
  if (/["'`]/.test(text)) return l10n.t('The DSN has quotation marks in it. Remove them.');
  if (/[<>{}]|\$|\.\.\.|…/.test(text)) {
    return l10n.t('The DSN still has a placeholder such as <key> or $KEY. Put the real value there.');
  }
  return null;
}

function partsProblem(text: string): string | null {
  const scheme = /^([^:/?#@]*):\/\//.exec(text);
  if (scheme === null) return l10n.t('The DSN does not start with https://. It has the form {0}.', FORM);
  if (scheme[1] !== 'https' && scheme[1] !== 'http')
    return l10n.t('The DSN has an unknown protocol. Use https:// (or http://).');
  const rest = text.slice(scheme[0].length);
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf('@');
  const credentials = at === -1 ? '' : authority.slice(0, at);
  const address = authority.slice(at + 1);
  return (
    keyProblem(credentials) ??
    addressProblem(address) ??
    projectProblem(slash === -1 ? '' : rest.slice(slash + 1)) ??
    (URL.canParse(text) ? null : l10n.t('The DSN has a host that is no valid address.'))
  );
}

function keyProblem(credentials: string): string | null {
  const key = credentials.split(':', 1)[0] ?? '';
  if (key === '') return l10n.t('The DSN has no key. It has the form {0}.', FORM);
  if (!/^\w+(:\w*)?$/.test(credentials))
    return l10n.t('The DSN has a character in its key that no key has (letters and digits).');
  return null;
}

function addressProblem(address: string): string | null {
  const parts = /^(\[[:.%\w]+\]|[\w.-]*)(?::(.*))?$/.exec(address);
  if (parts === null) return l10n.t('The DSN has a character in its host that no host has.');
  const [, host, port] = parts;
  if (host === '' || host === undefined) return l10n.t('The DSN has no host. It has the form {0}.', FORM);
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)) {
    return l10n.t('The DSN has a port that is no number from 1 to 65535.');
  }
  return null;
}

function projectProblem(path: string): string | null {
  const segments = path.split('/');
  const project = segments.pop() ?? '';
  if (project === '') return l10n.t('The DSN has no project number at its end. It has the form {0}.', FORM);
  if (!/^\d+$/.test(project)) return l10n.t('The DSN does not end with a project number (digits only).');
  // Dots alone would be resolved away in the URL, and an empty segment is dropped by some servers.
  if (segments.some((segment) => !/^[\w.~-]+$/.test(segment) || /^\.+$/.test(segment))) {
    return l10n.t('The DSN has a path before its project number that no Sentry has.');
  }
  return null;
}
