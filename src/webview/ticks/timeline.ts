import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { LaneTick } from '../protocol.ts';
import { span as spanText } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import type { TimelineState } from './drawing.ts';
import { spoken } from './ends.ts';
import { keyAction } from './keys.ts';
import { laneTitle, type SensorLane } from './lane.ts';
import { Pointer } from './pointer.ts';
import type { Scale } from './scale.ts';
import { Stage } from './stage.ts';
import { hold, rangeOf, reveal, type Viewport } from './viewport.ts';

/** A tick was chosen; `open` asks for its details. */
export interface ChosenTick {
  readonly tick: LaneTick;
  readonly open: boolean;
}

/** The lanes: marks on a canvas, times as text, one keyboard stop. Tells `view-change` and `tick-choose`. */
export class Timeline extends View {
  static override properties: PropertyDeclarations = {
    lanes: { attribute: false },
    ticks: { attribute: false },
    view: { attribute: false },
    heldFrom: { attribute: false },
    scrolled: { attribute: false },
    chosen: { attribute: false },
    only: { attribute: false },
    stoppedAt: { attribute: false },
    saying: { state: true },
    dragging: { state: true },
  };
  declare lanes: readonly SensorLane[];
  /** What is shown of what is held, newest first. */
  declare ticks: readonly LaneTick[];
  declare view: Viewport;
  /** From when on (ms since 1970) every tick is there; null where some are left out. */
  declare heldFrom: number | null;
  /** How far the project's own lanes are scrolled, in px. */
  declare scrolled: number;
  declare chosen: LaneTick | null;
  /** The one lane that is listed; null for all. */
  declare only: string | null;
  /** The last time at which the instance was seen, ms since 1970; null while it is followed. */
  declare stoppedAt: number | null;
  /** What is read aloud after a move by keyboard. */
  declare saying: string;
  declare dragging: boolean;

  /** Of each lane, oldest first. */
  #byLane: readonly (readonly LaneTick[])[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #pointer: Pointer;
  readonly #stage = new Stage(this, (width, height) => this.#state(width, height));

  constructor() {
    super();
    this.lanes = [];
    this.ticks = [];
    this.heldFrom = 0;
    this.scrolled = 0;
    this.chosen = null;
    this.only = null;
    this.stoppedAt = null;
    this.saying = '';
    this.dragging = false;
    const timeline = this;
    this.#pointer = new Pointer({
      get view() {
        return timeline.view;
      },
      get lanes() {
        return timeline.lanes;
      },
      get scale() {
        return timeline.#scale;
      },
      get now() {
        return timeline.#now;
      },
      get drawing() {
        return timeline.#stage.drawing;
      },
      show: (view) => this.#tell(view),
      choose: (tick) => this.#choose(tick, true),
      dragging: (on) => {
        this.dragging = on;
      },
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#beat(), 1000);
    this.#stage.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#stage.disconnect();
  }

  /** Now, or when the instance was last seen. */
  get #now(): number {
    return this.stoppedAt ?? Date.now();
  }

  get #scale(): Scale {
    return { ...rangeOf(this.view, this.#now), width: Math.max(1, this.clientWidth) };
  }

  /** Once a second, or less often where a second is less than a pixel. */
  #beat(): void {
    if (document.hidden || this.stoppedAt !== null) return;
    const perPx = this.view.span / Math.max(1, this.clientWidth);
    if (perPx < 2000 || Math.floor(Date.now() / 1000) % 10 === 0) this.#stage.schedule();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('ticks') && !changed.has('lanes')) return;
    const byLane = new Map(this.lanes.map(({ id }): [string, LaneTick[]] => [id, []]));
    for (let at = this.ticks.length - 1; at >= 0; at -= 1) {
      const tick = this.ticks[at];
      if (tick) byLane.get(tick.sensor)?.push(tick);
    }
    this.#byLane = [...byLane.values()];
  }

  protected override updated(): void {
    this.#stage.schedule();
  }

  #state(width: number, height: number): TimelineState {
    const { lanes, heldFrom, only, chosen } = this;
    const now = this.#now;
    return {
      ...{ lanes, heldFrom, only, chosen, height, now },
      ticks: this.#byLane,
      scale: { ...rangeOf(this.view, now), width },
      scroll: this.scrolled,
      live: this.stoppedAt === null,
    };
  }

  #tell(view: Viewport): void {
    this.dispatchEvent(new CustomEvent<Viewport>('view-change', { detail: view, bubbles: true }));
  }

  #choose(tick: LaneTick, open: boolean): void {
    this.dispatchEvent(new CustomEvent<ChosenTick>('tick-choose', { detail: { tick, open }, bubbles: true }));
  }

  #hover(event: PointerEvent): void {
    const under = this.#pointer.move(event);
    const canvas = this.querySelector('canvas');
    if (!canvas || under === null) return;
    canvas.classList.toggle('on-mark', under.mark !== null);
    canvas.title = under.title;
  }

  #keydown(event: KeyboardEvent): void {
    const action = keyAction(event, { view: this.view, ticks: this.#byLane, chosen: this.chosen, now: this.#now });
    if (action === null) return;
    event.preventDefault();
    if (action === 'nothing') return;
    if (action.kind === 'view') this.#tell(action.view);
    else if (action.open) this.#choose(action.tick, true);
    else this.#go(action.tick);
  }

  /** Chooses a tick, brings it into sight, and has it read aloud. */
  #go(tick: LaneTick): void {
    const now = this.#now;
    const lane = this.lanes.find(({ id }) => id === tick.sensor);
    this.saying = spoken(tick, lane ? laneTitle(lane) : '', now);
    const { from, to } = rangeOf(this.view, now);
    const seen = tick.lastStartedAt >= from && tick.lastStartedAt <= to;
    this.#tell(seen ? hold(this.view, now) : reveal(this.view, tick.lastStartedAt, now));
    this.#choose(tick, false);
  }

  get #summary(): string {
    const { from } = rangeOf(this.view, this.#now);
    const lanes = this.lanes.map((lane, index) => {
      const ticks = this.#byLane[index] ?? [];
      const count = ticks.reduce((sum, tick) => (tick.lastStartedAt >= from ? sum + tick.count : sum), 0);
      return `${laneTitle(lane)}: ${plural(count, '{0} tick', '{0} ticks')}`;
    });
    return t('Timeline of {0}. {1}. The table below has each tick.', spanText(this.view.span), lanes.join('; '));
  }

  protected override render(): TemplateResult {
    return html`<div
        class="timeline-stop"
        tabindex="0"
        role="application"
        aria-roledescription=${t('timeline')}
        aria-label=${this.#summary}
        data-testid="timeline"
        @keydown=${this.#keydown}
        @wheel=${{ handleEvent: (event: WheelEvent) => this.#pointer.wheel(event), passive: false }}
        @pointerdown=${(event: PointerEvent & { currentTarget: HTMLElement }) => this.#pointer.down(event)}
        @pointermove=${this.#hover}
        @pointerup=${(event: PointerEvent) => this.#pointer.up(event)}
        @pointercancel=${() => this.#pointer.cancel()}
      >
        <canvas class=${this.dragging ? 'dragging' : nothing}></canvas>
        <div class="axis-labels" aria-hidden="true"></div>
      </div>
      <span class="spoken" aria-live="polite">${this.saying}</span>`;
  }
}
customElements.define('firedrill-timeline', Timeline);
