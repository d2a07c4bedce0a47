import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { type JsonValue, pointer } from '../../failure/json.ts';
import { count } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon, segments, View } from '../shared/view.ts';
import { rowWindow, scrollToRow } from '../shared/virtual.ts';
import { copyTool } from './copyTool.ts';
import { type Column, cellText, MAX_COLUMNS, type Records } from './records.ts';

const ROW = 24;
/** Longer texts are cut in a cell; the whole one is shown below the table when the cell is chosen. */
const CELL_TEXT = 300;

interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Records as a table, with the chosen cell's whole value below it; or as JSON. */
export class RecordsView extends View {
  static override properties: PropertyDeclarations = {
    name: { type: String },
    kind: { type: String },
    value: { attribute: false },
    records: { attribute: false },
    sent: { attribute: false },
    copy: { attribute: false },
    path: { type: String },
    actual: { attribute: false },
    asJson: { state: true },
    cell: { state: true },
    scrolled: { state: true },
  };
  declare name: string;
  /** Dagster's word for the value: json, table. */
  declare kind: string;
  declare value: JsonValue;
  declare records: Records;
  /** How many of the rows are in the event. */
  declare sent: number;
  declare copy: (text: string, path: string) => Promise<void>;
  /** JSON pointer to the rows. */
  declare path: string;
  /** How many rows there are; more than are shown of what is too large. */
  declare actual: number;
  declare asJson: boolean;
  declare cell: Cell | null;
  declare scrolled: number;

  constructor() {
    super();
    this.asJson = false;
    this.cell = null;
    this.scrolled = 0;
  }

  get #columns(): readonly Column[] {
    return this.records.columns.slice(0, MAX_COLUMNS);
  }

  #choose(cell: Cell): void {
    this.cell = cell;
    const grid = this.querySelector<HTMLElement>('.grid');
    if (grid) {
      const top = cell.row * ROW + (cell.row >= this.sent ? ROW : 0);
      grid.scrollTop = scrollToRow(top / ROW, ROW, grid.scrollTop, grid.clientHeight, ROW);
      this.scrolled = grid.scrollTop;
    }
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('td[tabindex="0"]')?.focus());
  }

  #keydown(event: KeyboardEvent): void {
    const at = this.cell ?? { row: 0, column: 0 };
    const last = { row: this.records.rows.length - 1, column: this.#columns.length - 1 };
    const moves: Readonly<Record<string, Cell>> = {
      ArrowDown: { row: at.row + 1, column: at.column },
      ArrowUp: { row: at.row - 1, column: at.column },
      ArrowLeft: { row: at.row, column: at.column - 1 },
      ArrowRight: { row: at.row, column: at.column + 1 },
      PageDown: { row: at.row + 8, column: at.column },
      PageUp: { row: at.row - 8, column: at.column },
      Home: event.ctrlKey ? { row: 0, column: 0 } : { row: at.row, column: 0 },
      End: event.ctrlKey ? last : { row: at.row, column: last.column },
    };
    const to = moves[event.key];
    if (!to || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.#choose({
      row: Math.max(0, Math.min(last.row, to.row)),
      column: Math.max(0, Math.min(last.column, to.column)),
    });
  }

  #row(index: number, columns: readonly Column[]): TemplateResult {
    const row = this.records.rows[index];
    const stop = this.cell ?? { row: 0, column: 0 };
    return html`<tr aria-rowindex=${index + 2} class=${index >= this.sent ? 'muted' : ''}>
      <th scope="row" class="index number">${count(index + 1)}</th>
      ${columns.map((column, at) => {
        const value = row?.[column.name];
        const text = cellText(value);
        const nested = typeof value === 'object' && value !== null;
        return html`<td
          class="foreign ${column.numeric ? 'number' : ''} ${nested ? 'mono' : ''} ${value === null ? 'muted' : ''}"
          tabindex=${index === stop.row && at === stop.column ? 0 : -1}
          aria-selected=${this.cell?.row === index && this.cell.column === at ? 'true' : 'false'}
          @click=${() => this.#choose({ row: index, column: at })}
          >${text.length > CELL_TEXT ? `${text.slice(0, CELL_TEXT)}…` : text}</td
        >`;
      })}
    </tr>`;
  }

  #grid(): TemplateResult {
    const columns = this.#columns;
    const rows = this.records.rows.length;
    const { first, end, before, after } = rowWindow(rows, ROW, this.scrolled, 240);
    const gap = (height: number) =>
      height === 0
        ? nothing
        : html`<tr aria-hidden="true"><td colspan=${columns.length + 1} class="gap" height=${height}></td></tr>`;
    const body: TemplateResult[] = [];
    for (let index = first; index < end; index += 1) {
      if (index === this.sent && this.sent > 0) {
        body.push(
          html`<tr class="muted"><td class="sent-end" colspan=${columns.length + 1}>${icon('arrow-up')} ${t('sent')} · ${t('not sent')} ${icon('arrow-down')}</td></tr>`,
        );
      }
      body.push(this.#row(index, columns));
    }
    return html`<div class="grid" @scroll=${(event: Event & { currentTarget: HTMLElement }) => {
      this.scrolled = event.currentTarget.scrollTop;
    }}>
      <table role="grid" aria-label=${this.name} aria-rowcount=${rows + 1} aria-colcount=${columns.length + 1} @keydown=${this.#keydown}>
        <thead>
          <tr aria-rowindex="1">
            <th scope="col" class="index"><span class="spoken">${t('Row')}</span></th>
            ${columns.map(
              (column) =>
                html`<th scope="col" class="foreign ${column.numeric ? 'number' : ''}" title=${column.description ?? nothing}
                  >${column.name}${column.type === null ? nothing : html` <small class="muted">${column.type}</small>`}</th
                >`,
            )}
          </tr>
        </thead>
        <tbody>
          ${gap(before)}${body}${gap(after)}
        </tbody>
      </table>
    </div>`;
  }

  #whole(): TemplateResult | typeof nothing {
    const { cell } = this;
    if (cell === null) return nothing;
    const column = this.#columns[cell.column];
    const value = column ? this.records.rows[cell.row]?.[column.name] : undefined;
    if (!column || value === undefined) return nothing;
    const path = pointer(pointer(this.path, String(cell.row)), column.name);
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : cellText(value);
    return html`<div class="cell-value">
      <div class="muted">${t('{0}, row {1}', column.name, count(cell.row + 1))} ${keyed(
        path,
        copyTool(t('Copy value'), () => this.copy(text, path)),
      )}</div>
      <pre class="foreign" tabindex="0" role="region" aria-label=${t('Value of {0}', column.name)}>${text === '' ? t('empty text') : text}</pre>
    </div>`;
  }

  protected override render(): TemplateResult {
    const rows = this.records.rows.length;
    const columns = this.records.columns.length;
    const size = `${this.kind}, ${plural(this.actual, '{0} row', '{0} rows')}, ${plural(columns, '{0} column', '{0} columns')}`;
    return html`<h2>
        <span class="foreign">${this.name}</span> <span class="muted">${size}</span>
        <span class="push">${segments(
          t('Show {0} as', this.name),
          this.asJson ? 'json' : 'table',
          [
            ['table', t('Table')],
            ['json', t('JSON')],
          ],
          (choice) => {
            this.asJson = choice === 'json';
          },
        )}</span>
      </h2>
      ${
        rows > this.sent
          ? html`<p class="note">${icon('info', 'is-info')} ${
              this.sent === 0
                ? t('None of these rows is sent.')
                : t('Rows 1 to {0} are sent. The rest is in the log only.', count(this.sent))
            }</p>`
          : nothing
      }
      ${columns > MAX_COLUMNS ? html`<p class="note muted">${t('The first {0} columns; the JSON has all.', MAX_COLUMNS)}</p>` : nothing}
      ${this.asJson ? html`<firedrill-json .value=${this.value} label=${this.name}></firedrill-json>` : html`${this.#grid()}${this.#whole()}`}`;
  }
}
customElements.define('firedrill-records', RecordsView);
