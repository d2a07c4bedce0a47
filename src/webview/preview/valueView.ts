import { html, nothing, type TemplateResult } from 'lit';
import type { DagsterThing } from '../../engine/api.ts';
import type { JsonValue } from '../../failure/json.ts';
import type { ToldPart } from '../../failure/told.ts';
import { clock, clockUtc, day } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { tool } from '../shared/view.ts';
import { copyTool } from './copyTool.ts';
import type { EventRow } from './eventModel.ts';
import { cellText, type Records } from './records.ts';

export interface ValueActions {
  /** Copies a text that is the value with this JSON pointer, or a part of it. */
  readonly copy: (text: string, path: string) => Promise<void>;
  /** Opens the failure's own run; null where it cannot be opened. */
  readonly openRun: (() => void) | null;
  readonly runId: string | null;
  /** Opens the page of a run or asset; null where no webserver is known. */
  readonly open: ((what: DagsterThing) => void) | null;
}

const small = (records: Records): TemplateResult =>
  html`<table class="small-table">
    <thead><tr>${records.columns.map(
      (column) =>
        html`<th scope="col" class=${column.numeric ? 'number' : ''}>${column.name} ${
          column.type === null
            ? nothing
            : html`<small class="muted">${column.type}${column.description ? `, ${column.description}` : ''}</small>`
        }</th>`,
    )}</tr></thead>
    <tbody>${records.rows.map(
      (row) =>
        html`<tr>${records.columns.map(
          (column) => html`<td class=${column.numeric ? 'number' : ''}>${cellText(row[column.name])}</td>`,
        )}</tr>`,
    )}</tbody>
  </table>`;

const json = (value: JsonValue, name: string): TemplateResult =>
  html`<firedrill-inline-json .value=${value} label=${name}></firedrill-inline-json>`;

const note = (text: string): TemplateResult => html`<span class="muted aside">${text}</span>`;

const timestamp = (seconds: number): TemplateResult => {
  const ms = Math.round(seconds * 1000);
  if (Math.abs(ms) > 8.64e15) return html`${seconds}`;
  return html`${day(ms)} ${clock(ms, 'milliseconds')} ${note(t('local, {0} UTC; sent as {1}', clockUtc(ms), String(seconds)))}`;
};

const copyable = (text: string, label: string, path: string, actions: ValueActions, mono = false): TemplateResult =>
  html`<span class=${mono ? 'mono' : ''}>${text}</span> ${copyTool(label, () => actions.copy(text, path))}`;

const openRun = (id: string, { open, openRun: own, runId }: ValueActions): TemplateResult | typeof nothing => {
  const label = t('Open run in Dagster');
  if (id === runId) return own === null ? nothing : tool('link-external', label, own);
  return open === null ? nothing : tool('link-external', label, () => open({ kind: 'run', id }));
};

/** More parts than this get a scroller. */
const FITTING_PARTS = 12;

/** A value that is sent as Dagster's text form, part by part. */
const told = (parts: readonly ToldPart[], { name, type, path }: EventRow, actions: ValueActions): TemplateResult => {
  const copyLabel = COPY_LABELS[type];
  const list = parts.map(
    (part) =>
      html`<span>${part.name} ${part.note === '' ? nothing : note(part.note)}${copyLabel === undefined ? nothing : copyTool(copyLabel(), () => actions.copy(part.name, path))}</span>`,
  );
  const form = note(t('sent as Dagster’s text form'));
  return parts.length > FITTING_PARTS
    ? html`<span class="told many" tabindex="0" role="region" aria-label=${name}>${list}</span>${form}`
    : html`<span class="told">${list}${form}</span>`;
};

const COPY_LABELS: Readonly<Record<string, () => string>> = {
  python_artifact: () => t('Copy name'),
  code_references: () => t('Copy place'),
};

/** A value as what it is. Everything from the pipeline is a text node: never markup, never a link. */
export const valueView = (row: EventRow, actions: ValueActions): TemplateResult => {
  const { type, value, name } = row;
  if (row.records !== null) return small(row.records);
  if (row.told !== null) return told(row.told, row, actions);
  if (value === null) return note('null');
  if (value === '') return note(t('empty text'));
  if (typeof value === 'string') {
    switch (type) {
      case 'int':
        return html`${value} ${note(t('sent as text: beyond 2⁵³'))}`;
      case 'float':
        return html`${value} ${note(value.includes('nan') ? t('sent as text: JSON has no NaN') : t('sent as text: JSON has no infinity'))}`;
      case 'run':
        return html`${copyable(value, t('Copy run id'), row.path, actions, true)}${openRun(value, actions)}`;
      case 'asset':
        return html`${value} ${
          actions.open === null
            ? nothing
            : tool('link-external', t('Open asset in Dagster'), () =>
                actions.open?.({ kind: 'asset', key: value.split('/') }),
              )
        }`;
      case 'url':
        return copyable(value, t('Copy URL'), row.path, actions);
      case 'path':
      case 'notebook':
        return copyable(value, t('Copy path'), row.path, actions);
      default:
        return html`<span class="as-is">${value}</span>`;
    }
  }
  if (type === 'timestamp' && typeof value === 'number') return timestamp(value);
  if (typeof value === 'object') return json(value, name);
  return html`${String(value)}`;
};

const TYPE_WORDS: Readonly<Record<string, string>> = { md: 'markdown' };

/** Dagster's word for a type, as people know it. */
export const typeWord = (type: string): string => TYPE_WORDS[type] ?? type;
