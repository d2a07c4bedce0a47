import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Tick } from '../../engine/api.ts';
import { clock, clockOfDay, count, day, duration } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { icon, View } from '../shared/view.ts';
import { rowWindow, scrollToRow } from '../shared/virtual.ts';
import { counted, endOf, endWord, reason } from './ends.ts';
import { endGlyph } from './glyphs.ts';
import type { ChosenTick } from './timeline.ts';

/** Heights as the stylesheet has them. */
const ROW = 20;
const HEAD = 20;

const cursor = (tick: Tick): TemplateResult => {
  if (tick.cursorAfter === null) return html`<span class="muted">–</span>`;
  return tick.cursorBefore === null || tick.cursorBefore === tick.cursorAfter
    ? html`${tick.cursorAfter}`
    : html`${tick.cursorBefore} → ${tick.cursorAfter}`;
};

/** The ticks in words, newest first: one keyboard stop, one row a tick. */
export class TickTable extends View {
  static override properties: PropertyDeclarations = {
    ticks: { attribute: false },
    chosen: { attribute: false },
    now: { attribute: false },
    scrolled: { state: true },
    room: { state: true },
  };
  declare ticks: readonly Tick[];
  declare chosen: number | null;
  declare now: number;
  declare scrolled: number;
  declare room: number;
  #resize: ResizeObserver | undefined;
  #shown: number | null = null;

  constructor() {
    super();
    this.ticks = [];
    this.chosen = null;
    this.now = Date.now();
    this.scrolled = 0;
    this.room = 200;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize = new ResizeObserver(() => {
      this.room = this.clientHeight;
    });
    this.#resize.observe(this);
    this.addEventListener('scroll', this.#scroll);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    this.removeEventListener('scroll', this.#scroll);
  }

  readonly #scroll = (): void => {
    this.scrolled = this.scrollTop;
  };

  /** New rows come in at the top: what is read stays where it is. A newly chosen row comes into sight. */
  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('ticks');
    if (Array.isArray(before) && this.scrollTop > ROW) {
      const anchor: unknown = before[Math.floor(this.scrollTop / ROW)];
      const was = before.indexOf(anchor);
      const id = typeof anchor === 'object' && anchor !== null && 'id' in anchor ? anchor.id : null;
      const is = this.ticks.findIndex((tick) => tick.id === id);
      if (is >= 0 && is !== was) {
        const top = this.scrollTop + (is - was) * ROW;
        void this.updateComplete.then(() => {
          this.scrollTop = top;
        });
      }
    }
  }

  protected override updated(): void {
    if (this.chosen === this.#shown) return;
    this.#shown = this.chosen;
    const row = this.ticks.findIndex((tick) => tick.id === this.chosen);
    if (row >= 0) this.scrollTop = scrollToRow(row, ROW, this.scrollTop, this.clientHeight, HEAD);
  }

  /** Puts the keyboard on the chosen row, or the first. */
  focusRow(): void {
    this.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
  }

  #choose(tick: Tick, open: boolean): void {
    this.dispatchEvent(new CustomEvent<ChosenTick>('tick-choose', { detail: { tick, open }, bubbles: true }));
  }

  #keydown(event: KeyboardEvent): void {
    const at = this.ticks.findIndex((tick) => tick.id === this.chosen);
    const page = Math.max(1, Math.floor(this.clientHeight / ROW) - 2);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.ticks.length - 1,
      Enter: Math.max(0, at),
      ' ': Math.max(0, at),
    };
    const row = to[event.key];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const tick = this.ticks[Math.max(0, Math.min(this.ticks.length - 1, row))];
    if (!tick) return;
    this.#choose(tick, event.key === 'Enter' || event.key === ' ');
    void this.updateComplete.then(() => this.focusRow());
  }

  #row(tick: Tick, index: number, stop: number): TemplateResult {
    const end = endOf(tick);
    const quiet = end === 'none' || end === 'skipped' ? 'muted' : '';
    const before = counted(tick, this.now);
    const why = reason(tick);
    const ms = tick.lastStartedAt;
    return html`<tr
      aria-rowindex=${index + 2}
      aria-selected=${tick.id === this.chosen ? 'true' : 'false'}
      tabindex=${tick.id === stop ? 0 : -1}
      data-testid="tick"
      data-tick=${tick.id}
      @click=${() => this.#choose(tick, true)}
    >
      <td class="c-time" title=${`${day(ms)} ${clock(ms, 'milliseconds')}`}>${clockOfDay(ms, this.now)}</td>
      <td class="c-sensor"><span class="sensor-name">${icon('flame', 'muted')}<span class="clip">${tick.sensor}</span></span></td>
      <td class="c-end">${endGlyph(end)}${endWord(end)}</td>
      <td class="foreign ${quiet}" title=${`${before}${why}`}><span class="tabular">${before}</span>${why}</td>
      <td class="c-rows number">${count(tick.rowsRead)}</td>
      <td class="c-failures number">${tick.failuresFound === 0 ? '–' : count(tick.failuresFound)}</td>
      <td class="c-duration number">${duration(tick.durationMs)}</td>
      <td class="c-cursor mono">${cursor(tick)}</td>
    </tr>`;
  }

  protected override render(): TemplateResult {
    const { first, end, before, after } = rowWindow(this.ticks.length, ROW, this.scrolled, this.room);
    const stop = this.ticks.some((tick) => tick.id === this.chosen) ? this.chosen : (this.ticks[0]?.id ?? null);
    const gap = (height: number) =>
      height === 0 ? nothing : html`<tr aria-hidden="true"><td class="gap" colspan="8" height=${height}></td></tr>`;
    return html`<table class="ticks" role="grid" aria-label=${t('Ticks')} aria-rowcount=${this.ticks.length + 1} @keydown=${this.#keydown}>
      <thead>
        <tr aria-rowindex="1">
          <th scope="col" class="c-time">${t('Time')}</th>
          <th scope="col" class="c-sensor">${t('Sensor')}</th>
          <th scope="col" class="c-end">${t('End')}</th>
          <th scope="col">${t('Reason or error')}</th>
          <th scope="col" class="c-rows number">${t('Rows')}</th>
          <th scope="col" class="c-failures number">${t('Failures')}</th>
          <th scope="col" class="c-duration number">${t('Duration')}</th>
          <th scope="col" class="c-cursor">${t('Cursor')}</th>
        </tr>
      </thead>
      <tbody>
        ${gap(before)}${repeat(
          this.ticks.slice(first, end),
          (tick) => tick.id,
          (tick, index) => this.#row(tick, first + index, stop ?? -1),
        )}${gap(after)}
      </tbody>
    </table>`;
  }
}
customElements.define('firedrill-ticks-table', TickTable);
