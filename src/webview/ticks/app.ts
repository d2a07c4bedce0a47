import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { FailureRow, InstanceStatus, SensorName, SensorStatus, Tick } from '../../engine/api.ts';
import type { FromTicks, ToTicks } from '../protocol.ts';
import { connect, type Host, onBroken } from '../shared/host.ts';
import { plural } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import { Announcer } from './announcer.ts';
import { Asker } from './asker.ts';
import { details } from './details.ts';
import { type End, endOf } from './ends.ts';
import { countEnds, facets } from './facets.ts';
import { fromSnapshot, type Held, merge, NOTHING, within } from './held.ts';
import { type Kept, readKept } from './kept.ts';
import { lanes } from './lanes.ts';
import { brokenState, emptyTable, instanceState, lostStrip } from './states.ts';
import { TickTable } from './table.ts';
import type { ChosenTick } from './timeline.ts';
import { follow, hold, rangeOf, type Viewport, zoom, zoomCentre } from './viewport.ts';

/** Table and counters follow a moving range this often without news. */
const REFRESH = 10_000;

const homeOf = (instance: InstanceStatus | null): string | null =>
  instance !== null && 'home' in instance ? instance.home : null;

export class TicksApp extends View {
  static override properties: PropertyDeclarations = {
    instance: { state: true },
    sensors: { state: true },
    held: { state: true },
    view: { state: true },
    hiddenEnds: { state: true },
    only: { state: true },
    chosen: { state: true },
    open: { state: true },
    found: { state: true },
    asking: { state: true },
    saying: { state: true },
    broken: { state: true },
    now: { state: true },
  };
  /** null until the first message. */
  declare instance: InstanceStatus | null;
  declare sensors: readonly SensorStatus[];
  declare held: Held;
  declare view: Viewport;
  declare hiddenEnds: ReadonlySet<End>;
  declare only: SensorName | null;
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
    this.sensors = [];
    this.held = NOTHING;
    this.chosen = null;
    this.open = false;
    this.found = new Map();
    this.asking = false;
    this.saying = '';
    this.broken = null;
    onBroken((message) => {
      this.broken = message;
    });
    this.now = Date.now();
    this.#host = connect<ToTicks, FromTicks>({ type: 'ready' }, (message) => this.#receive(message));
    const kept = readKept(this.#host.saved());
    this.view = kept.view;
    this.hiddenEnds = new Set(kept.hidden);
    this.only = kept.only;
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
        if (homeOf(this.instance) !== homeOf(message.instance)) this.#forget();
        this.instance = message.instance;
        this.sensors = message.sensors;
        this.held = fromSnapshot(message.ticks, message, this.now);
        this.asking = false;
        this.#asker.answered(message);
        this.#ask();
        break;
      case 'update':
        this.instance = message.instance;
        this.sensors = message.sensors;
        this.held = merge(this.held, message.ticks);
        this.#announce(message.ticks);
        break;
      case 'tick-failures':
        this.found = new Map(this.found).set(message.tick, message.failures);
        break;
    }
  }

  /** Another instance: its ticks have the same numbers. */
  #forget(): void {
    this.found = new Map();
    this.chosen = null;
    this.open = false;
  }

  /** Only what is found while following is read aloud. */
  #announce(news: readonly Tick[]): void {
    if (this.view.from !== null) return;
    const failures = news.reduce((sum, tick) => sum + tick.failuresFound, 0);
    const count = this.#announcer.add(failures, this.now);
    if (count > 0) this.saying = plural(count, '{0} failure found', '{0} failures found');
  }

  #ask(): void {
    this.#asker.look(() => ({ view: rangeOf(this.view, this.#clock), held: this.held }));
  }

  #save(): void {
    const kept: Kept = { view: this.view, hidden: [...this.hiddenEnds], only: this.only };
    this.#host.save(kept);
  }

  // ---- what a person does ----

  /** While the instance is lost, time stands still where it was last seen. */
  get #clock(): number {
    return this.instance?.state === 'lost' ? this.instance.since : Date.now();
  }

  #setView(view: Viewport): void {
    this.view = view;
    this.now = Date.now();
    this.#save();
    this.#ask();
  }

  #toggleEnd(end: End): void {
    const hidden = new Set(this.hiddenEnds);
    if (!hidden.delete(end)) hidden.add(end);
    this.hiddenEnds = hidden;
    this.#save();
  }

  #toggleSensor(sensor: SensorName): void {
    this.only = this.only === sensor ? null : sensor;
    this.#save();
  }

  #showAll(): void {
    this.hiddenEnds = new Set();
    this.only = null;
    this.#save();
  }

  #chooseTick({ tick, open }: ChosenTick): void {
    this.chosen = tick.id;
    if (open) this.open = true;
    this.#setView(hold(this.view, this.#clock));
    if (this.open && tick.failuresFound > 0 && !this.found.has(tick.id)) {
      this.#host.post({ type: 'show-tick', tick: tick.id });
    }
  }

  #close(): void {
    this.open = false;
    void this.updateComplete.then(() => {
      const table = this.querySelector('firedrill-ticks-table');
      if (table instanceof TickTable) table.focusRow();
    });
  }

  // ---- view ----

  protected override updated(): void {
    this.style.setProperty('--lane-count', String(this.sensors.length));
  }

  protected override render(): TemplateResult {
    if (this.broken !== null) return brokenState(this.broken);
    const choose = (): void => this.#host.post({ type: 'choose-instance' });
    const state = instanceState(this.instance, choose);
    if (state !== null || this.instance === null) return state ?? html``;
    const range = rangeOf(this.view, this.#clock);
    const inRange = within(this.held.ticks, range);
    const shown = this.held.ticks.filter((tick) => !this.hiddenEnds.has(endOf(tick)));
    const rows = within(shown, range).filter((tick) => this.only === null || tick.sensor === this.only);
    const chosen = this.held.ticks.find((tick) => tick.id === this.chosen) ?? null;
    const opened = this.open ? chosen : null;
    return html`<main
      class=${opened ? 'has-details' : nothing}
      @tick-choose=${(event: CustomEvent<ChosenTick>) => this.#chooseTick(event.detail)}
      @view-change=${(event: CustomEvent<Viewport>) => this.#setView(event.detail)}
    >
      ${this.asking ? html`<div class="progress" aria-hidden="true"></div>` : nothing}
      <div class="left">
        ${this.instance.state === 'lost' ? lostStrip(this.instance, this.now, choose) : nothing}
        ${this.#lanes(shown, chosen)}
        <div class="below">
          ${facets(
            countEnds(inRange.filter((tick) => this.only === null || tick.sensor === this.only)),
            this.hiddenEnds,
            this.view.span,
            (end) => this.#toggleEnd(end),
          )}
          ${rows.length > 0 ? html`<firedrill-ticks-table .ticks=${rows} .chosen=${this.chosen} .now=${this.now}></firedrill-ticks-table>` : this.#empty(inRange.length > 0)}
        </div>
      </div>
      ${
        opened
          ? details(opened, this.found.get(opened.id), this.now, {
              preview: (failure) => this.#host.post({ type: 'preview', failure }),
              close: () => this.#close(),
            })
          : nothing
      }
      <span class="spoken" role="status">${this.saying}</span>
    </main>`;
  }

  #lanes(ticks: readonly Tick[], chosen: Tick | null): TemplateResult {
    const { view, sensors, only, now } = this;
    const stoppedAt = this.instance?.state === 'lost' ? this.instance.since : null;
    return lanes(
      { sensors, ticks, view, chosen, only, stoppedAt, now },
      {
        filter: (sensor) => this.#toggleSensor(sensor),
        tickNow: (sensor) => this.#host.post({ type: 'tick-now', sensor }),
        setRunning: (sensor, running) => this.#host.post({ type: 'set-running', sensor, running }),
        zoom: (factor) => this.#setView(zoom(view, factor, zoomCentre(view, this.#clock), this.#clock)),
        toggleFollow: () => this.#setView(view.from === null ? hold(view, this.#clock) : follow(view)),
      },
    );
  }

  #empty(inRange: boolean): TemplateResult {
    const filtered = inRange && (this.hiddenEnds.size > 0 || this.only !== null);
    const dues = this.sensors.flatMap(({ nextTickAt }) => (nextTickAt === null ? [] : [nextTickAt]));
    const due = dues.length === 0 ? null : Math.min(...dues);
    return emptyTable(
      this.held.ticks.length > 0,
      filtered,
      due,
      () => this.#showAll(),
      () => this.#setView(follow(this.view)),
    );
  }
}
customElements.define('firedrill-ticks', TicksApp);
