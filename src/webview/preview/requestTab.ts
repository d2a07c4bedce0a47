import { html, nothing, type TemplateResult } from 'lit';
import type { Preview, ReceivedEvent } from '../../engine/api.ts';
import { bytes, count } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon } from '../shared/view.ts';
import { copyTool } from './copyTool.ts';
import { type EnvelopePart, envelopeParts, maskKey } from './envelope.ts';

/** More of one envelope line than this is not drawn; the document has all. */
const SHOWN = 100_000;
const ONE_LINE = 400;

const indented = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

const whole = (part: EnvelopePart): string => {
  if (part.text === null) return t('These bytes are no text, or too many to be kept.');
  const cut = part.text.length > SHOWN || new TextEncoder().encode(part.text).length < part.bytes;
  if (!cut) return part.payload ? indented(part.text) : part.text;
  return `${part.text.slice(0, SHOWN)}…\n${t('Open the event as a document to read all of it.')}`;
};

const headerName = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => `${dash}${letter.toUpperCase()}`);

const field = (name: string, value: unknown, note: unknown = ''): TemplateResult =>
  html`<tr>
    <th scope="row" class="field-name">${name}</th>
    <td class="field-value">${value}</td>
    <td class="field-type">${note}</td>
  </tr>`;

/** A request as it is shown: one that would be sent, or one that was received. */
export interface RequestView {
  readonly url: string;
  /** The key masked. */
  readonly headers: readonly (readonly [string, string])[];
  readonly parts: readonly EnvelopePart[];
  readonly size: string;
  readonly sha256: string;
  /** What the hash covers. */
  readonly covers: string;
}

/** The request that goes to the socket. */
export const requestOf = ({ request }: Preview): RequestView => ({
  ...request,
  parts: envelopeParts(request.envelope),
  size: t('{0} bytes, {1} gzipped', count(request.bytes), count(request.gzipBytes)),
  covers: t('method, URL, headers and body, without the key: the same bytes that Send hands to the socket'),
});

/** The request that the inbox received. */
export const requestOfReceived = (received: ReceivedEvent): RequestView => {
  const encoding = received.headers.find(([name]) => name === 'content-encoding')?.[1];
  const raw = count(received.row.bytes);
  return {
    ...received,
    parts: envelopeParts(received.envelope),
    size:
      encoding === undefined
        ? t('{0} bytes as received', raw)
        : t('{0} bytes as received in {1}, {2} unpacked', raw, encoding, count(received.contentBytes)),
    covers: t('method, URL, headers and body as received, without the key'),
  };
};

export interface RequestActions {
  readonly copyHash: () => Promise<void>;
  /** Copies the request as cURL with the key, after a question; null where there is none to copy. */
  readonly copyWithKey: (() => Promise<void>) | null;
}

/** A request without the key: line and headers, the envelope line by line, size and hash. */
export const requestTab = (
  request: RequestView,
  { copyHash, copyWithKey }: RequestActions,
  opened: ReadonlySet<number>,
  toggle: (part: number) => void,
): TemplateResult => {
  const { parts } = request;
  const items = parts.filter((part) => part.payload).length;
  return html`<div class="pane">
    <h2>${t('Line and headers')}</h2>
    <table class="fields" aria-label=${t('Line and headers')}>
      <tbody>
        ${field(t('Method'), 'POST')}
        ${field(t('URL'), html`<code>${request.url}</code>`)}
        ${request.headers.map(([name, value]) => {
          const masked = maskKey(value);
          return field(
            headerName(name),
            html`<code>${masked}</code>`,
            /sentry_key/i.test(value)
              ? html`${t('key masked')} ${copyWithKey === null ? nothing : copyTool(t('Copy as cURL with the key…'), copyWithKey, 'key')}`
              : '',
          );
        })}
      </tbody>
    </table>
    <h2>
      ${t('Envelope')}
      <span class="muted">${plural(parts.length, '{0} line', '{0} lines')}, ${plural(items, '{0} item', '{0} items')}</span>
    </h2>
    <div class="envelope">
      ${parts.map((part, index) => {
        const open = opened.has(index);
        return html`<div>
          <button type="button" class="envelope-line" aria-expanded=${open ? 'true' : 'false'} @click=${() => toggle(index)}>
            ${icon(open ? 'chevron-down' : 'chevron-right')}<span>${part.label}</span
            ><code class="clip foreign">${part.text?.slice(0, ONE_LINE) ?? ''}</code><span class="number muted">${bytes(part.bytes).includes(' B') ? bytes(part.bytes) : `${count(part.bytes)} B`}</span>
          </button>
          ${open ? html`<pre class="foreign wrap" tabindex="0" role="region" aria-label=${part.label}>${whole(part)}</pre>` : ''}
        </div>`;
      })}
    </div>
    <h2>${t('Identity')}</h2>
    <table class="fields" aria-label=${t('Identity')}>
      <tbody>
        ${field(t('Size'), request.size)}
        ${field(
          'SHA-256',
          html`<code class="hash" data-testid="sha256">${request.sha256}</code> ${copyTool(t('Copy SHA-256'), copyHash)}`,
        )}
        ${field(t('Covers'), request.covers)}
      </tbody>
    </table>
  </div>`;
};
