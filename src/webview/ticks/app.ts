import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { FailureRow, InstanceStatus, SensorName, SensorStatus, Tick } from '../../engine/api.ts';
import type { FromTicks, ToTicks } from '../protocol.ts';
import { duration } from '../shared/format.ts';
import { connect, type Host } from '../shared/host.ts';
import { plural, t } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import { details } from './details.ts';
import { type End, endOf } from './ends.ts';
import { countEnds, facets } from './facets.ts';
import { covers, fromSnapshot, type Held, merge, NOTHING, toAsk, within } from './held.ts';
import { type Kept, readKept } from './kept.ts';
import { axisTools, laneName, laneNumbers } from './lanes.ts';
import { emptyTable, instanceState, lostStrip } from './states.ts';
import { TickTable } from './table.ts';
import type { ChosenTick } from './timeline.ts';
import { follow, hold, rangeOf, type Viewport, zoom, zoomCentre } from './viewport.ts';

/** Waits this long for the view to come to rest before ticks are asked for. */
const ASK_AFTER = 200;
/** Failures found are read aloud at most this often. */
const SAY_AFTER = 10_000;
/** Table and counters follow a moving range this often without news. */
const REFRESH = 10_000;

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
  declare now: number;
  readonly #host: Host<FromTicks>;
  #askTimer: ReturnType<typeof setTimeout> | undefined;
  #saidAt = 0;
  #unsaid = 0;

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
    switch (message.type) {
      case 'snapshot':
        this.instance = message.instance;
        this.sensors = message.sensors;
        this.held = fromSnapshot(message.ticks, message, this.now);
        this.asking = false;
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

  /** Only what is found while following is read aloud. */
  #announce(news: readonly Tick[]): void {
    if (this.view.from !== null) return;
    this.#unsaid += news.reduce((sum, tick) => sum + tick.failuresFound, 0);
    if (this.#unsaid === 0 || this.now - this.#saidAt < SAY_AFTER) return;
    this.saying = plural(this.#unsaid, '{0} failure found', '{0} failures found');
    this.#saidAt = this.now;
    this.#unsaid = 0;
  }

  /** Asks for the ticks of the range in view when they are not held. */
  #ask(): void {
    clearTimeout(this.#askTimer);
    this.#askTimer = setTimeout(() => {
      const now = Date.now();
      const range = rangeOf(this.view, now);
      if (this.instance === null || covers(this.held, range, now)) return;
      this.asking = true;
      this.#host.post({ type: 'range', ...toAsk(range, now) });
    }, ASK_AFTER);
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
    const live = this.instance?.state === 'following';
    const lost = this.instance?.state === 'lost' ? this.instance.since : null;
    return html`<div class="lanes" role="group" aria-label=${t('Timeline')}>
      <div class="lane-names">
        ${axisTools(
          this.view,
          live,
          (factor) => this.#setView(zoom(this.view, factor, zoomCentre(this.view, this.#clock), this.#clock)),
          () => this.#setView(this.view.from === null ? hold(this.view, this.#clock) : follow(this.view)),
        )}
        ${this.sensors.map((sensor) =>
          laneName(sensor, this.only, live, {
            filter: (name) => this.#toggleSensor(name),
            tickNow: (name) => this.#host.post({ type: 'tick-now', sensor: name }),
            setRunning: (name, running) => this.#host.post({ type: 'set-running', sensor: name, running }),
          }),
        )}
      </div>
      <firedrill-timeline
        .sensors=${this.sensors}
        .ticks=${ticks}
        .view=${this.view}
        .chosen=${chosen}
        .only=${this.only}
        .stoppedAt=${lost}
      ></firedrill-timeline>
      <div class="lane-ends">
        <div class="lane-numbers head"><span>${t('Next')}</span><span>${t('Behind')}</span></div>
        ${this.sensors.map((sensor) => laneNumbers(sensor, live, this.now))}
      </div>
    </div>`;
  }

  #empty(inRange: boolean): TemplateResult {
    const filtered = inRange && (this.hiddenEnds.size > 0 || this.only !== null);
    const dues = this.sensors.flatMap(({ nextTickAt }) => (nextTickAt === null ? [] : [nextTickAt - this.now]));
    const due = dues.length === 0 ? null : duration(Math.max(1000, Math.round(Math.min(...dues) / 1000) * 1000));
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
