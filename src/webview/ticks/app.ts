import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { FailureRow, InstanceStatus } from '../../engine/api.ts';
import type { FromTicks, LaneTick, ToTicks } from '../protocol.ts';
import { connect, type Host, onBroken } from '../shared/host.ts';
import { plural } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import { Announcer } from './announcer.ts';
import { Asker } from './asker.ts';
import { details } from './details.ts';
import { facets } from './facets.ts';
import { fromSnapshot, type Held, merge, NOTHING } from './held.ts';
import { readKept, toStored } from './kept.ts';
import { lanesOf, type SensorLane } from './lane.ts';
import { lanes } from './lanes.ts';
import { lanesShown } from './laneWindow.ts';
import { drawn, type Filter, isFiltered, type Listed, listed, NO_FILTER, toggleEnd, toggleLane } from './shown.ts';
import { brokenState, emptyTable, instanceState, lostStrip } from './states.ts';
import { TickTable } from './table.ts';
import type { ChosenTick } from './timeline.ts';
import { follow, hold, rangeOf, showAt, type Viewport, zoom, zoomCentre } from './viewport.ts';

/** Table and counters follow a moving range this often without news. */
const REFRESH = 10_000;

const homeOf = (instance: InstanceStatus | null): string | null =>
  instance !== null && 'home' in instance ? instance.home : null;

export class TicksApp extends View {
  static override properties: PropertyDeclarations = Object.fromEntries(
    [
      'instance',
      'sensorLanes',
      'held',
      'view',
      'filter',
      'chosen',
      'open',
      'found',
      'asking',
      'saying',
      'broken',
      'now',
      'scrolled',
    ].map((name) => [name, { state: true }]),
  );
  /** null until the first message. */
  declare instance: InstanceStatus | null;
  declare sensorLanes: readonly SensorLane[];
  declare held: Held;
  declare view: Viewport;
  declare filter: Filter;
  /** Row id of the chosen tick. */
  declare chosen: number | null;
  /** The details of the chosen tick are shown. */
  declare open: boolean;
  /** Failures of ticks, as far as they were asked for. */
  declare found: ReadonlyMap<number, readonly FailureRow[]>;
  declare asking: boolean;
  declare saying: string;
  /** The words of an error that nobody caught; the next message tries again. */
  declare broken: string | null;
  declare now: number;
  /** How far the project's own lanes are scrolled, in px. */
  declare scrolled: number;
  /** Whose ticks are held, and whose one is chosen. */
  #home: string | null;
  #ownSensors: Extract<ToTicks, { type: 'snapshot' }>['ownSensors'] = [];
  readonly #host: Host<FromTicks>;
  readonly #announcer = new Announcer();
  readonly #asker = new Asker((range) => {
    if (this.instance === null) return;
    this.asking = true;
    this.#host.post({ type: 'range', ...range });
  });

  constructor() {
    super();
    this.instance = null;
    this.sensorLanes = [];
    this.held = NOTHING;
    this.found = new Map();
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
    this.#home = kept.home;
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
    switch (message.type) {
      case 'snapshot':
        this.#meet(homeOf(message.instance));
        this.instance = message.instance;
        this.#ownSensors = message.ownSensors;
        this.sensorLanes = lanesOf(message.sensors, this.#ownSensors);
        this.held = fromSnapshot(message.ticks, message, this.now);
        this.asking = false;
        this.#asker.answered(message);
        this.#ask();
        this.#askFailures();
        break;
      case 'update':
        this.instance = message.instance;
        this.#ownSensors = message.ownSensors ?? this.#ownSensors;
        this.sensorLanes = lanesOf(message.sensors, this.#ownSensors);
        this.held = merge(this.held, message.ticks);
        this.#announce(message.ticks);
        break;
      case 'jump':
        this.#choose(message.tick, message.tick !== null, showAt(this.view, message.at));
        break;
      case 'tick-failures':
        this.found = new Map(this.found).set(message.tick, message.failures);
        break;
    }
  }

  /** Another instance: its ticks have the same numbers. */
  #meet(home: string | null): void {
    if (home === null || home === this.#home) return;
    if (this.#home !== null) {
      this.found = new Map();
      this.chosen = null;
      this.open = false;
    }
    this.#home = home;
    this.#save();
  }

  /** Only what is found while following is read aloud. */
  #announce(news: readonly LaneTick[]): void {
    if (this.view.from !== null) return;
    const failures = news.reduce((sum, tick) => sum + (tick.trigger === 'daemon' ? 0 : tick.failuresFound), 0);
    const count = this.#announcer.add(failures, this.now);
    if (count > 0) this.saying = plural(count, '{0} failure found', '{0} failures found');
  }

  #ask(): void {
    this.#asker.look(() => ({ view: rangeOf(this.view, this.#clock), held: this.held }));
  }

  /** The failures of the tick whose details are shown, once. */
  #askFailures(): void {
    const tick = this.#chosenTick;
    if (!this.open || tick === null || tick.trigger === 'daemon') return;
    if (tick.failuresFound > 0 && !this.found.has(tick.id)) this.#host.post({ type: 'show-tick', tick: tick.id });
  }

  #save(): void {
    const { view, filter, chosen, open } = this;
    this.#host.save(toStored({ view, filter, chosen, open, home: this.#home }));
  }

  // ---- what a person does ----

  /** While the instance is lost, time stands still where it was last seen. */
  get #clock(): number {
    return this.instance?.state === 'lost' ? this.instance.since : Date.now();
  }

  get #chosenTick(): LaneTick | null {
    return this.held.ticks.find((tick) => tick.id === this.chosen) ?? null;
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
    this.#setView(view);
    this.#askFailures();
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
    this.style.setProperty('--lane-count', String(lanesShown(this.sensorLanes)));
    this.style.setProperty('--hosted-count', String(this.sensorLanes.filter(({ hosted }) => hosted !== null).length));
  }

  protected override render(): TemplateResult {
    if (this.broken !== null) return brokenState(this.broken);
    const choose = (): void => this.#host.post({ type: 'choose-instance' });
    const state = instanceState(this.instance, choose);
    if (state !== null || this.instance === null) return state ?? html``;
    const list = listed(this.held.ticks, rangeOf(this.view, this.#clock), this.filter);
    const byId = new Map(this.sensorLanes.map((lane) => [lane.id, lane]));
    const chosen = this.#chosenTick;
    const opened = this.open ? chosen : null;
    return html`<main
      class=${opened ? 'has-details' : nothing}
      @tick-choose=${({ detail: { tick, open } }: CustomEvent<ChosenTick>) => this.#choose(tick.id, open, hold(this.view, this.#clock))}
      @view-change=${(event: CustomEvent<Viewport>) => this.#setView(event.detail)}
    >
      ${this.asking ? html`<div class="progress" aria-hidden="true"></div>` : nothing}
      <div class="left">
        ${this.instance.state === 'lost' ? lostStrip(this.instance, this.now, choose) : nothing}
        ${this.#lanes(chosen)}
        <div class="below">
          ${facets(list.counts, this.filter.hidden, this.view.span, (end) => this.#setFilter(toggleEnd(this.filter, end)))}
          ${list.rows.length > 0 ? html`<firedrill-ticks-table .ticks=${list.rows} .lanes=${byId} .chosen=${this.chosen} .now=${this.now}></firedrill-ticks-table>` : this.#empty(list)}
        </div>
      </div>
      ${
        opened
          ? details(opened, byId.get(opened.sensor), this.found.get(opened.id), this.now, {
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
    const stoppedAt = this.instance?.state === 'lost' ? this.instance.since : null;
    const ticks = drawn(this.held.ticks, this.filter);
    const { only } = this.filter;
    return lanes(
      { lanes: this.sensorLanes, ticks, view, heldFrom: this.held.from, scrolled, chosen, only, stoppedAt, now },
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
    const dues = this.sensorLanes.flatMap(({ hosted, nextTickAt }) =>
      hosted === null || nextTickAt === null ? [] : [nextTickAt],
    );
    const due = dues.length === 0 ? null : Math.min(...dues);
    return emptyTable(
      this.held.ticks.length > 0,
      any && isFiltered(this.filter),
      due,
      () => this.#setFilter(NO_FILTER),
      () => this.#setView(follow(this.view)),
    );
  }
}
customElements.define('firedrill-ticks', TicksApp);
