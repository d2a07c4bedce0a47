import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { FromTicks, LaneTick, ToTicks } from '../protocol.ts';
import { connect, type Host, onBroken } from '../shared/host.ts';
import { plural } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import { Announcer } from './announcer.ts';
import { Asker } from './asker.ts';
import { details } from './details.ts';
import { facets } from './facets.ts';
import { readKept, toStored } from './kept.ts';
import { failuresIn, type Known, learn, nothingKnown } from './known.ts';
import { lanes } from './lanes.ts';
import { hostedCount, lanesShown, scrollToLane } from './laneWindow.ts';
import { drawn, type Filter, isFiltered, type Listed, listed, NO_FILTER, toggleEnd, toggleLane } from './shown.ts';
import { brokenState, emptyTable, instanceState, lostStrip } from './states.ts';
import { TickTable } from './table.ts';
import type { ChosenTick } from './timeline.ts';
import { follow, hold, rangeOf, showAt, type Viewport, zoom, zoomCentre } from './viewport.ts';

/** Table and counters follow a moving range this often without news. */
const REFRESH = 10_000;

const STATE = ['known', 'view', 'filter', 'chosen', 'open', 'asking', 'saying', 'broken', 'now', 'scrolled'];

/** The Sensor Ticks panel: what the extension tells, what a person arranged, and how the parts show it. */
export class TicksApp extends View {
  static override properties: PropertyDeclarations = Object.fromEntries(STATE.map((name) => [name, { state: true }]));
  declare known: Known;
  declare view: Viewport;
  declare filter: Filter;
  /** Row id of the chosen tick. */
  declare chosen: number | null;
  /** The details of the chosen tick are shown. */
  declare open: boolean;
  declare asking: boolean;
  declare saying: string;
  /** The words of an error that nobody caught; the next message tries again. */
  declare broken: string | null;
  declare now: number;
  /** How far the project's own lanes are scrolled, in px. */
  declare scrolled: number;
  readonly #host: Host<FromTicks>;
  readonly #announcer = new Announcer();
  readonly #asker = new Asker((range) => {
    if (this.known.instance === null) return;
    this.asking = true;
    this.#host.post({ type: 'range', ...range });
  });

  constructor() {
    super();
    this.asking = false;
    this.saying = '';
    this.broken = null;
    this.scrolled = 0;
    onBroken((message) => {
      this.broken = message;
    });
    this.now = Date.now();
    this.#host = connect<ToTicks, FromTicks>({ type: 'ready' }, (message) => this.#receive(message));
    const kept = readKept(this.#host.saved());
    this.view = kept.view;
    this.filter = kept.filter;
    this.known = nothingKnown(kept.home);
    this.chosen = kept.chosen;
    this.open = kept.open;
    window.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.open) this.#close();
    });
    setInterval(() => {
      if (!document.hidden && this.view.from === null) this.now = Date.now();
    }, REFRESH);
  }

  // ---- messages ----

  #receive(message: ToTicks): void {
    this.now = Date.now();
    this.broken = null;
    const { home } = this.known;
    this.known = learn(this.known, message, this.now);
    if (this.known.home !== home) this.#meet(home);
    switch (message.type) {
      case 'snapshot':
        this.asking = false;
        this.#asker.answered(message);
        this.#ask();
        this.#askFailures();
        break;
      case 'update':
        this.#announce(message.ticks);
        break;
      case 'jump':
        this.#choose(message.tick, message.tick !== null, showAt(this.view, message.at));
        break;
      case 'tick-failures':
        break;
    }
  }

  /** Another instance than before: its ticks have the same numbers. */
  #meet(before: string | null): void {
    if (before !== null) {
      this.chosen = null;
      this.open = false;
    }
    this.#save();
  }

  /** Only what is found while following is read aloud. */
  #announce(news: readonly LaneTick[]): void {
    if (this.view.from !== null) return;
    const count = this.#announcer.add(failuresIn(news), this.now);
    if (count > 0) this.saying = plural(count, '{0} failure found', '{0} failures found');
  }

  #ask(): void {
    this.#asker.look(() => ({ view: rangeOf(this.view, this.#clock), held: this.known.held }));
  }

  /** The failures of the tick whose details are shown, once. */
  #askFailures(): void {
    const tick = this.#chosenTick;
    if (!this.open || tick === null || tick.trigger === 'daemon') return;
    if (tick.failuresFound > 0 && !this.known.found.has(tick.id)) this.#host.post({ type: 'show-tick', tick: tick.id });
  }

  #save(): void {
    const { view, filter, chosen, open } = this;
    this.#host.save(toStored({ view, filter, chosen, open, home: this.known.home }));
  }

  // ---- what a person does ----

  /** While the instance is lost, time stands still where it was last seen. */
  get #clock(): number {
    return this.known.instance?.state === 'lost' ? this.known.instance.since : Date.now();
  }

  get #chosenTick(): LaneTick | null {
    return this.known.held.ticks.find((tick) => tick.id === this.chosen) ?? null;
  }

  #setView(view: Viewport): void {
    this.view = view;
    this.now = Date.now();
    this.#save();
    this.#ask();
  }

  #setFilter(filter: Filter): void {
    this.filter = filter;
    this.#save();
  }

  #choose(tick: number | null, open: boolean, view: Viewport): void {
    this.chosen = tick;
    if (open) this.open = true;
    this.#bringLane();
    this.#setView(view);
    this.#askFailures();
  }

  /** Scrolls the lane of the chosen tick into sight. */
  #bringLane(): void {
    const { lanes } = this.known;
    const lane = lanes.findIndex(({ id }) => id === this.#chosenTick?.sensor);
    const height = this.querySelector('.lane-name')?.clientHeight ?? 0;
    if (lane >= 0) this.scrolled = scrollToLane(lanes, lane, height, this.scrolled);
  }

  #close(): void {
    this.open = false;
    this.#save();
    void this.updateComplete.then(() => {
      const table = this.querySelector('firedrill-ticks-table');
      if (table instanceof TickTable) table.focusRow();
    });
  }

  // ---- view ----

  protected override updated(): void {
    this.style.setProperty('--lane-count', String(lanesShown(this.known.lanes)));
    this.style.setProperty('--hosted-count', String(hostedCount(this.known.lanes)));
  }

  protected override render(): TemplateResult {
    if (this.broken !== null) return brokenState(this.broken);
    const choose = (): void => this.#host.post({ type: 'choose-instance' });
    const { instance, found } = this.known;
    const state = instanceState(instance, choose);
    if (state !== null || instance === null) return state ?? html``;
    const list = listed(this.known.held.ticks, rangeOf(this.view, this.#clock), this.filter);
    const byId = new Map(this.known.lanes.map((lane) => [lane.id, lane]));
    const chosen = this.#chosenTick;
    const opened = this.open ? chosen : null;
    return html`<main
      class=${opened ? 'has-details' : nothing}
      @tick-choose=${({ detail: { tick, open } }: CustomEvent<ChosenTick>) => this.#choose(tick.id, open, hold(this.view, this.#clock))}
      @view-change=${(event: CustomEvent<Viewport>) => this.#setView(event.detail)}
    >
      ${this.asking ? html`<div class="progress" aria-hidden="true"></div>` : nothing}
      <div class="left">
        ${instance.state === 'lost' ? lostStrip(instance, this.now, choose) : nothing}
        ${this.#lanes(chosen)}
        <div class="below">
          ${facets(list.counts, this.filter.hidden, this.view.span, (end) => this.#setFilter(toggleEnd(this.filter, end)))}
          ${list.rows.length > 0 ? html`<firedrill-ticks-table .ticks=${list.rows} .lanes=${byId} .chosen=${this.chosen} .now=${this.now}></firedrill-ticks-table>` : this.#empty(list)}
        </div>
      </div>
      ${
        opened
          ? details(opened, byId.get(opened.sensor), found.get(opened.id), this.now, {
              preview: (failure) => this.#host.post({ type: 'preview', failure }),
              close: () => this.#close(),
            })
          : nothing
      }
      <span class="spoken" role="status">${this.saying}</span>
    </main>`;
  }

  #lanes(chosen: LaneTick | null): TemplateResult {
    const { view, now, scrolled } = this;
    const stoppedAt = this.known.instance?.state === 'lost' ? this.known.instance.since : null;
    const ticks = drawn(this.known.held.ticks, this.filter);
    const { only } = this.filter;
    return lanes(
      { lanes: this.known.lanes, ticks, view, heldFrom: this.known.held.from, scrolled, chosen, only, stoppedAt, now },
      {
        filter: (lane) => this.#setFilter(toggleLane(this.filter, lane)),
        tickNow: (sensor) => this.#host.post({ type: 'tick-now', sensor }),
        setRunning: (sensor, running) => this.#host.post({ type: 'set-running', sensor, running }),
        zoom: (factor) => this.#setView(zoom(view, factor, zoomCentre(view, this.#clock), this.#clock)),
        toggleFollow: () => this.#setView(view.from === null ? hold(view, this.#clock) : follow(view)),
        scroll: (to) => {
          this.scrolled = to;
        },
      },
    );
  }

  #empty({ any }: Listed): TemplateResult {
    const dues = this.known.lanes.flatMap(({ hosted, nextTickAt }) =>
      hosted === null || nextTickAt === null ? [] : [nextTickAt],
    );
    const due = dues.length === 0 ? null : Math.min(...dues);
    return emptyTable(
      this.known.held.ticks.length > 0,
      any && isFiltered(this.filter),
      due,
      () => this.#setFilter(NO_FILTER),
      () => this.#setView(follow(this.view)),
    );
  }
}
customElements.define('firedrill-ticks', TicksApp);
