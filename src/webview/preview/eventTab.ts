import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Shortened } from '../../engine/api.ts';
import { count } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon } from '../shared/view.ts';
import type { EventRow, EventSection, EventView } from './eventModel.ts';
import { typeWord, type ValueActions, valueView } from './valueView.ts';

/** That only the beginning of a value is shown. */
const partly = (shortened: Shortened | undefined): TemplateResult | typeof nothing => {
  if (shortened === undefined) return nothing;
  const { shown, actual, unit } = shortened;
  const words =
    unit === 'items'
      ? t('Shown: the first {0} of {1} items. The document has all.', count(shown), count(actual))
      : t('Shown: the first {0} of {1} characters. The document has all.', count(shown), count(actual));
  return html`<p class="note muted">${icon('info', 'is-info')} ${words}</p>`;
};

/** What is said below a value, by its path. */
export type Below = ReadonlyMap<string, TemplateResult>;

const rows = (
  label: string,
  list: readonly EventRow[],
  view: EventView,
  actions: ValueActions,
  below: Below,
): TemplateResult =>
  html`<table class="fields" aria-label=${label}>
    <tbody>${list.map(
      (row) =>
        html`<tr data-path=${row.path}>
          <th scope="row" class="field-name foreign">${row.name}</th>
          <td class="field-value foreign">${valueView(row, actions)}${partly(view.shortened.get(row.path))}${below.get(row.path) ?? nothing}</td>
          <td class="field-type">${typeWord(row.type)}</td>
        </tr>`,
    )}</tbody>
  </table>`;

const section = (part: EventSection, wrap: boolean, kept: number | null, actions: ValueActions): TemplateResult =>
  part.kind === 'records'
    ? html`<firedrill-records
        data-path=${part.path}
        name=${part.name}
        kind=${part.type}
        .value=${part.value}
        .records=${part.records}
        .sent=${part.sent}
        .copy=${actions.copy}
      ></firedrill-records>`
    : html`<firedrill-text
        data-path=${part.path}
        name=${part.name}
        text=${part.text}
        ?wrap=${wrap}
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
    ${view.extra.length === 0 ? nothing : html`<h2>${t('Extra')}</h2>${rows(t('Extra'), view.extra, view, actions, below)}`}
    ${
      view.metadata.length === 0
        ? nothing
        : html`<h2>
              metadata
              <span class="muted">${
                view.recorded
                  ? plural(
                      view.metadata.length,
                      '{0} entry, type as Dagster recorded it',
                      '{0} entries, type as Dagster recorded it',
                    )
                  : plural(view.metadata.length, '{0} entry', '{0} entries')
              }</span>
            </h2>
            ${rows('metadata', view.metadata, view, actions, below)}`
    }
    ${
      view.other.length === 0
        ? nothing
        : html`<h2>${t('Other fields')}</h2>${rows(t('Other fields'), view.other, view, actions, below)}`
    }
    ${repeat(
      view.sections,
      (part) => part.path,
      (part) =>
        html`${section(part, wrap, kept.get(part.path) ?? null, actions)}${partly(view.shortened.get(part.path))}${below.get(part.path) ?? nothing}`,
    )}
  </div>`;
};
