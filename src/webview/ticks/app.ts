import type { PropertyDeclarations, TemplateResult } from 'lit';
import type { FromTicks, LaneTick, ToTicks } from '../protocol.ts';
import { connect, type Host, onBroken } from '../shared/host.ts';
import { remember } from '../shared/remember.ts';
import { View } from '../shared/view.ts';
import { Announcer } from './announcer.ts';
import { Asker } from './asker.ts';
import { Keeper } from './keeper.ts';
import type { Kept } from './kept.ts';
import { type Known, learn, nothingKnown } from './known.ts';
import { hostedCount, lanesShown, scrollToLane } from './laneWindow.ts';
import { type PageActions, page } from './page.ts';
import { leave, NO_FILTER } from './shown.ts';
import { brokenState, instanceState } from './states.ts';
import { TickTable } from './table.ts';
import { follow, hold, rangeOf, showAt, toggleFollow, type Viewport, zoom, zoomCentre } from './viewport.ts';

/** Table and counters follow a moving range this often without news. */
const REFRESH = 10_000;

const STATE = ['known', 'kept', 'asking', 'saying', 'broken', 'now', 'scrolled'];

/** The Sensor Ticks panel: what the extension tells, what a person arranged, and how the parts show it. */
export class TicksApp extends View {
  static override properties: PropertyDeclarations = Object.fromEntries(STATE.map((name) => [name, { state: true }]));
  declare known: Known;
  /** What a person arranged. */
  declare kept: Kept;
  declare asking: boolean;
  declare saying: string;
  /** The words of an error that nobody caught; the next message tries again. */
  declare broken: string | null;
  declare now: number;
  /** How far the project's own lanes are scrolled, in px. */
  declare scrolled: number;
  readonly #host: Host<FromTicks>;
  readonly #keeper: Keeper;
  #finding = false;
  /** A range that moves leaves the same ticks. */
  readonly #leave = remember(leave);
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
    this.#keeper = new Keeper(this.#host);
    this.kept = this.#keeper.read();
    this.known = nothingKnown(this.kept.home);
    this.#arrange({});
    document.addEventListener('keydown', (event) => this.#keydown(event));
    setInterval(() => {
      if (!document.hidden && this.kept.view.from === null) this.now = Date.now();
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
        // Only what is found while following is read aloud.
        if (this.kept.view.from === null) this.saying = this.#announcer.hear(message.ticks, this.now) ?? this.saying;
        break;
      case 'jump':
        this.#choose(message.tick, message.tick !== null, showAt(this.kept.view, message.at));
        break;
      case 'show-lane': {
        const filter = { ...NO_FILTER, only: message.lane };
        this.#arrange({ filter, chosen: null, open: false, view: follow(this.kept.view) });
        break;
      }
      case 'find':
        this.#find();
        break;
      case 'clear-filter':
        this.#arrange({ filter: NO_FILTER });
        break;
      case 'tick-failures':
        break;
    }
  }

  /** Another instance than before: its ticks have the same numbers. */
  #meet(before: string | null): void {
    const { home } = this.known;
    this.#arrange(before === null ? { home } : { home, chosen: null, open: false });
  }

  #ask(): void {
    this.#asker.look(() => ({ view: rangeOf(this.kept.view, this.#clock), held: this.known.held }));
  }

  /** The failures of the tick whose details are shown, once. */
  #askFailures(): void {
    const tick = this.#chosenTick;
    if (!this.kept.open || tick === null || tick.trigger === 'daemon') return;
    if (tick.failuresFound > 0 && !this.known.found.has(tick.id)) this.#host.post({ type: 'show-tick', tick: tick.id });
  }

  // ---- what a person does ----

  /** While the instance is lost, time stands still where it was last seen. */
  get #clock(): number {
    return this.known.instance?.state === 'lost' ? this.known.instance.since : Date.now();
  }

  get #chosenTick(): LaneTick | null {
    return this.known.held.ticks.find((tick) => tick.id === this.kept.chosen) ?? null;
  }

  #arrange(change: Partial<Kept>): void {
    this.kept = { ...this.kept, ...change };
    this.#keeper.save(this.kept);
  }

  #setView(view: Viewport): void {
    this.#arrange({ view });
    this.now = Date.now();
    this.#ask();
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.kept.open) this.#close();
    if (event.key.toLowerCase() !== 'f' || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation(); // VS Code would look for something in the editor
    this.#find();
  }

  /** Puts the keyboard into the text to filter by, as soon as it is there. */
  #find(): void {
    this.#finding = true;
    this.requestUpdate();
  }

  #choose(tick: number | null, open: boolean, view: Viewport): void {
    this.#arrange(open ? { chosen: tick, open } : { chosen: tick });
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
    this.#arrange({ open: false });
    void this.updateComplete.then(() => this.#toRows());
  }

  #toRows(): void {
    const table = this.querySelector('firedrill-ticks-table');
    if (table instanceof TickTable) table.focusRow();
  }

  // ---- view ----

  readonly #actions: PageActions = {
    setFilter: (filter) => this.#arrange({ filter }),
    setView: (view) => this.#setView(view),
    choose: ({ tick, open }) => this.#choose(tick.id, open, hold(this.kept.view, this.#clock)),
    close: () => this.#close(),
    toRows: () => this.#toRows(),
    zoom: (factor) => this.#setView(zoom(this.kept.view, factor, zoomCentre(this.kept.view, this.#clock), this.#clock)),
    toggleFollow: () => this.#setView(toggleFollow(this.kept.view, this.#clock)),
    followNow: () => this.#setView(follow(this.kept.view)),
    scroll: (to) => {
      this.scrolled = to;
    },
    tickNow: (sensor) => this.#host.post({ type: 'tick-now', sensor }),
    setRunning: (sensor, running) => this.#host.post({ type: 'set-running', sensor, running }),
    preview: (failure) => this.#host.post({ type: 'preview', failure }),
    chooseInstance: () => this.#host.post({ type: 'choose-instance' }),
  };

  protected override updated(): void {
    this.style.setProperty('--lane-count', String(lanesShown(this.known.lanes)));
    this.style.setProperty('--hosted-count', String(hostedCount(this.known.lanes)));
    const finder = this.#finding ? this.querySelector<HTMLInputElement>('.finder input') : null;
    finder?.select();
    if (finder) this.#finding = false;
  }

  protected override render(): TemplateResult {
    if (this.broken !== null) return brokenState(this.broken);
    const { known, kept, asking, saying, now, scrolled } = this;
    const state = instanceState(known.instance, this.#actions.chooseInstance);
    const [tick, clock] = [this.#chosenTick, this.#clock];
    const left = this.#leave(known.held.ticks, kept.filter, known.lanes);
    return state ?? page({ ...kept, known, left, tick, asking, saying, now, clock, scrolled }, this.#actions);
  }
}
customElements.define('firedrill-ticks', TicksApp);
