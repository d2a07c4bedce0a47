import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { LaneTick } from '../protocol.ts';
import { t } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import { type RowWindow, rowWindow, scrollToRow } from '../shared/virtual.ts';
import type { SensorLane } from './lane.ts';
import { row } from './row.ts';
import type { ChosenTick } from './timeline.ts';

/** Heights as the stylesheet has them. */
const ROW = 20;
const HEAD = 20;
/** So few rows are drawn whole: all that a moving range changes is drawn anew with each frame. */
const WHOLE = 30;

/** The ticks in words, newest first: one keyboard stop, one row a tick. */
export class TickTable extends View {
  static override properties: PropertyDeclarations = {
    ticks: { attribute: false },
    lanes: { attribute: false },
    chosen: { attribute: false },
    now: { attribute: false },
    scrolled: { state: true },
    room: { state: true },
  };
  declare ticks: readonly LaneTick[];
  /** By the sensor's id. */
  declare lanes: ReadonlyMap<string, SensorLane>;
  declare chosen: number | null;
  declare now: number;
  declare scrolled: number;
  declare room: number;
  #resize: ResizeObserver | undefined;
  #shown: number | null = null;
  #listed: readonly LaneTick[] = [];
  /** Where the scroller has to stand after drawing, in px; null where it may stay. */
  #scrollTo: number | null = null;
  /** The tick whose row gets the keyboard as soon as it is drawn. */
  #focusing: number | null = null;

  constructor() {
    super();
    this.ticks = [];
    this.lanes = new Map();
    this.chosen = null;
    this.now = Date.now();
    this.scrolled = 0;
    this.room = window.innerHeight; // until its own height is known: what is in sight is drawn once
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

  /**
   * Rows come and go at the top: what is read stays where it is. Known before anything is drawn, so that the rows are
   * drawn once, and without asking the page for its layout.
   */
  protected override willUpdate(): void {
    const before = this.#listed;
    this.#listed = this.ticks;
    if (before === this.ticks || this.scrolled <= ROW) return;
    const was = Math.floor(this.scrolled / ROW);
    const anchor = before[was]?.id;
    const is = anchor === undefined ? -1 : this.ticks.findIndex((tick) => tick.id === anchor);
    if (is < 0 || is === was) return;
    this.scrolled += (is - was) * ROW;
    this.#scrollTo = this.scrolled;
  }

  /** A newly chosen row comes into sight. */
  protected override updated(): void {
    if (this.#scrollTo !== null) this.scrollTop = this.#scrollTo;
    this.#scrollTo = null;
    if (this.chosen !== this.#shown) {
      this.#shown = this.chosen;
      this.#bring();
    }
    if (this.#focusing === null) return;
    const row = this.querySelector<HTMLElement>(`tr[data-tick="${this.#focusing}"]`);
    // What is not drawn yet will be; what is not listed any more must not take the keyboard when it comes back.
    if (row === null && this.ticks.some((tick) => tick.id === this.#focusing)) return;
    this.#focusing = null;
    row?.focus();
  }

  /** Scrolls the chosen row into sight, so that it is drawn. */
  #bring(): void {
    const row = this.ticks.findIndex((tick) => tick.id === this.chosen);
    if (row < 0) return;
    this.scrollTop = scrollToRow(row, ROW, this.scrollTop, this.clientHeight, HEAD);
    this.scrolled = this.scrollTop;
  }

  /** Puts the keyboard on the chosen row, or the first in sight. */
  focusRow(): void {
    this.#bring();
    this.#focusing = this.#stop;
    this.requestUpdate();
  }

  /** The one row that the Tab key reaches: the chosen one while it is drawn, else the first in sight. */
  get #stop(): number | null {
    const { first, end } = this.#window;
    const drawn = this.ticks.slice(first, end);
    if (drawn.some((tick) => tick.id === this.chosen)) return this.chosen;
    return this.ticks[Math.floor(this.scrolled / ROW)]?.id ?? drawn[0]?.id ?? null;
  }

  get #window(): RowWindow {
    return rowWindow(this.ticks.length, ROW, this.scrolled, this.room, WHOLE);
  }

  #choose(tick: LaneTick, open: boolean): void {
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
    if (tick.id !== this.chosen) this.#focusing = tick.id;
    this.#choose(tick, event.key === 'Enter' || event.key === ' ');
  }

  protected override render(): TemplateResult {
    const { first, end, before, after } = this.#window;
    const stop = this.#stop;
    // One cell: a wider one would be columns where narrow tables have left some out.
    const gap = (height: number) =>
      height === 0 ? nothing : html`<tr aria-hidden="true"><td class="gap" height=${height}></td></tr>`;
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
          (tick, index) =>
            row(
              tick,
              {
                lane: this.lanes.get(tick.sensor),
                index: first + index + 2,
                chosen: tick.id === this.chosen,
                stop: tick.id === stop,
                now: this.now,
              },
              () => this.#choose(tick, true),
            ),
        )}${gap(after)}
      </tbody>
    </table>`;
  }
}
customElements.define('firedrill-ticks-table', TickTable);
