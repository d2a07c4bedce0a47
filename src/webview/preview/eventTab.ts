import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Shortened } from '../../engine/api.ts';
import { count } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon } from '../shared/view.ts';
import type { EventRow, EventSection, EventView } from './eventModel.ts';
import { typeWord, type ValueActions, valueView } from './valueView.ts';

/** That only the beginning of a value is shown. `open` opens the document that has all; null where it has not. */
const partly = (shortened: Shortened | undefined, open: (() => void) | null): TemplateResult | typeof nothing => {
  if (shortened === undefined) return nothing;
  const { shown, actual, unit } = shortened;
  const words =
    unit === 'items'
      ? t('Shown: the first {0} of {1} items.', count(shown), count(actual))
      : t('Shown: the first {0} of {1} characters.', count(shown), count(actual));
  const link =
    open === null
      ? nothing
      : html`<button type="button" class="link" @click=${open}>${t('The document has all')}</button>`;
  return html`<p class="note muted">${icon('info', 'is-info')} ${words} ${link}</p>`;
};

/** How many rows a table has, of which those shown may be the first. */
const rowsOf = ({ rowsPath, records }: Extract<EventSection, { kind: 'records' }>, shortened?: Shortened): number =>
  shortened?.path === rowsPath ? shortened.actual : records.rows.length;

/** How many characters a text has of which only the first are shown. */
const charactersOf = ({ path }: EventSection, shortened?: Shortened): number | null =>
  shortened?.path === path && shortened.unit === 'characters' ? shortened.actual : null;

/** What is said below a value, by its path. */
export type Below = ReadonlyMap<string, TemplateResult>;

const rows = (
  label: string,
  list: readonly EventRow[],
  view: EventView,
  actions: ValueActions,
  below: Below,
  open: () => void,
): TemplateResult =>
  html`<table class="fields" aria-label=${label}>
    <tbody>${list.map(
      (row) =>
        html`<tr data-path=${row.path}>
          <th scope="row" class="field-name foreign">${row.name}</th>
          <td class="field-value foreign">${valueView(row, actions)}${partly(view.shortened.get(row.path), open)}${below.get(row.path) ?? nothing}</td>
          <td class="field-type">${typeWord(row.type)}</td>
        </tr>`,
    )}</tbody>
  </table>`;

const section = (
  part: EventSection,
  shortened: Shortened | undefined,
  wrap: boolean,
  kept: number | null,
  actions: ValueActions,
): TemplateResult =>
  part.kind === 'records'
    ? html`<firedrill-records
        data-path=${part.path}
        name=${part.name}
        kind=${part.type}
        .value=${part.value}
        .records=${part.records}
        .sent=${part.sent}
        .actual=${rowsOf(part, shortened)}
        path=${part.rowsPath}
        .copy=${actions.copy}
      ></firedrill-records>`
    : html`<firedrill-text
        data-path=${part.path}
        name=${part.name}
        text=${part.text}
        ?wrap=${wrap}
        path=${part.path}
        .actual=${charactersOf(part, shortened)}
        .kept=${kept}
        .copy=${actions.copy}
      ></firedrill-text>`;

/** The event, read: tags, extra, metadata, then what is too large for a row. */
export const eventTab = (
  view: EventView,
  wrap: boolean,
  kept: ReadonlyMap<string, number>,
  actions: ValueActions,
  below: Below,
  open: () => void,
): TemplateResult => {
  return html`<div class="pane">
    <h2>${t('Tags')} <span class="muted">${t('searchable in Sentry, used by fingerprint rules')}</span></h2>
    ${
      view.tags.length === 0
        ? html`<p class="muted">${t('No tags.')}</p>`
        : html`<dl class="tags">${view.tags.map(
            ([name, value]) =>
              html`<div data-path="/tags/${name}"><dt class="foreign">${name}</dt><dd class="foreign">${value === '' ? html`<span class="muted">${t('empty text')}</span>` : value}</dd></div>`,
          )}</dl>`
    }
    ${view.extra.length === 0 ? nothing : html`<h2>${t('Extra')}</h2>${rows(t('Extra'), view.extra, view, actions, below, open)}`}
    ${
      view.metadata.length === 0
        ? nothing
        : html`<h2>
              metadata
              <span class="muted">${
                view.recorded
                  ? plural(
                      view.metadata.length + view.metadataBelow,
                      '{0} entry, type as Dagster recorded it',
                      '{0} entries, type as Dagster recorded it',
                    )
                  : plural(view.metadata.length + view.metadataBelow, '{0} entry', '{0} entries')
              }${view.metadataBelow === 0 ? nothing : t('; {0} of them below', count(view.metadataBelow))}</span>
            </h2>
            ${rows('metadata', view.metadata, view, actions, below, open)}${partly(view.shortened.get('/extra/metadata'), open)}`
    }
    ${
      view.other.length === 0
        ? nothing
        : html`<h2>${t('Other fields')}</h2>${rows(t('Other fields'), view.other, view, actions, below, open)}`
    }
    ${repeat(
      view.sections,
      (part) => part.path,
      (part) =>
        html`${section(part, view.shortened.get(part.path), wrap, kept.get(part.path) ?? null, actions)}${partly(
          view.shortened.get(part.path),
          part.kind === 'records' && part.sent < part.records.rows.length ? null : open,
        )}${below.get(part.path) ?? nothing}`,
    )}
  </div>`;
};
