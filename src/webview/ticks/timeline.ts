import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { SensorName, SensorStatus, Tick } from '../../engine/api.ts';
import { clock, clockOfDay, span as spanText } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import { axisLabels, writeLabels } from './axisLabels.ts';
import { binRange } from './bins.ts';
import { type Drawing, draw, type Palette } from './draw.ts';
import { AXIS, drawingOf, isBinned } from './drawing.ts';
import { spoken } from './ends.ts';
import { type Mark, markAt, type Scale, stretch, timeAt } from './layout.ts';
import { onThemeChange, readPalette } from './palette.ts';
import { stepInLane, stepToLane } from './steps.ts';
import { hold, pan, rangeOf, reveal, showAround, type Viewport, zoom, zoomCentre } from './viewport.ts';

/** A press that moves less is a click, in px. */
const STILL = 4;

/** A tick was chosen; `open` asks for its details. */
export interface ChosenTick {
  readonly tick: Tick;
  readonly open: boolean;
}

/** The lanes: marks on a canvas, times as text, one keyboard stop. Tells `view-change` and `tick-choose`. */
export class Timeline extends View {
  static override properties: PropertyDeclarations = {
    sensors: { attribute: false },
    ticks: { attribute: false },
    view: { attribute: false },
    chosen: { attribute: false },
    only: { attribute: false },
    stoppedAt: { attribute: false },
    saying: { state: true },
    dragging: { state: true },
  };
  declare sensors: readonly SensorStatus[];
  /** What is shown of what is held, newest first. */
  declare ticks: readonly Tick[];
  declare view: Viewport;
  declare chosen: Tick | null;
  /** The one sensor that is shown; null for all. */
  declare only: SensorName | null;
  /** The last time at which the instance was seen, ms since 1970; null while it is followed. */
  declare stoppedAt: number | null;
  /** What is read aloud after a move by keyboard. */
  declare saying: string;
  declare dragging: boolean;

  #palette: Palette | null = null;
  #drawing: Drawing | null = null;
  #byLane: readonly (readonly Tick[])[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stopTheme: (() => void) | undefined;
  #resize: ResizeObserver | undefined;
  #press: { readonly px: number; readonly span: number; readonly from: number; moved: boolean } | null = null;

  constructor() {
    super();
    this.sensors = [];
    this.ticks = [];
    this.chosen = null;
    this.only = null;
    this.stoppedAt = null;
    this.saying = '';
    this.dragging = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#beat(), 1000);
    this.#stopTheme = onThemeChange(() => {
      this.#palette = null;
      this.#schedule();
    });
    this.#resize = new ResizeObserver(() => this.#schedule());
    this.#resize.observe(this);
    document.addEventListener('visibilitychange', this.#schedule);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#stopTheme?.();
    this.#resize?.disconnect();
    document.removeEventListener('visibilitychange', this.#schedule);
  }

  /** Now, or when the instance was last seen. */
  get #now(): number {
    return this.stoppedAt ?? Date.now();
  }

  get #scale(): Scale {
    return { ...rangeOf(this.view, this.#now), width: Math.max(1, this.clientWidth) };
  }

  // ---- drawing ----

  /** Once a second, or less often where a second is less than a pixel. */
  #beat(): void {
    if (document.hidden || this.stoppedAt !== null) return;
    const perPx = this.view.span / Math.max(1, this.clientWidth);
    if (perPx < 2000 || Math.floor(Date.now() / 1000) % 10 === 0) this.#schedule();
  }

  readonly #schedule = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  };

  protected override updated(): void {
    this.#byLane = this.sensors.map((sensor) => this.ticks.filter((tick) => tick.sensor === sensor.name).toReversed());
    this.#schedule();
  }

  #draw(): void {
    const canvas = this.querySelector('canvas');
    const axis = this.querySelector<HTMLElement>('.axis-labels');
    const pen = canvas?.getContext('2d');
    const [width, height] = [this.clientWidth, this.clientHeight];
    if (!canvas || !pen || !axis || document.hidden || width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
    }
    const now = this.#now;
    this.#drawing = drawingOf({
      sensors: this.sensors,
      lanes: this.#byLane,
      scale: this.#scale,
      height,
      now,
      live: this.stoppedAt === null,
      only: this.only,
      chosen: this.chosen,
    });
    this.#palette ??= readPalette();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(pen, this.#drawing, this.#palette);
    const lost = this.stoppedAt === null ? null : t('last seen {0}', clockOfDay(this.stoppedAt, Date.now()));
    writeLabels(axis, axisLabels(this.#drawing, lost ?? clock(now), lost === null ? 26 : 52));
  }

  #tell(view: Viewport): void {
    this.dispatchEvent(new CustomEvent<Viewport>('view-change', { detail: view, bubbles: true }));
  }

  #choose(tick: Tick, open: boolean): void {
    this.dispatchEvent(new CustomEvent<ChosenTick>('tick-choose', { detail: { tick, open }, bubbles: true }));
  }

  // ---- mouse ----

  #isLane({ offsetY }: MouseEvent): boolean {
    return this.#drawing !== null && offsetY >= AXIS;
  }

  #markAt({ offsetX, offsetY }: MouseEvent): Mark | null {
    const drawing = this.#drawing;
    if (drawing === null || offsetY < AXIS) return null;
    const item = drawing.lanes[Math.floor((offsetY - AXIS) / drawing.laneHeight)];
    return item ? markAt(item.lane, offsetX) : null;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const scale = this.#scale;
    const delta = event.deltaY === 0 ? event.deltaX : event.deltaY;
    const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? delta * 16 : delta;
    if (event.shiftKey || event.deltaY === 0) {
      this.#tell(pan(this.view, (px / scale.width) * this.view.span, this.#now));
    } else {
      const factor = Math.exp(Math.max(-1, Math.min(1, px / 300)));
      this.#tell(zoom(this.view, factor, timeAt(scale, event.offsetX), this.#now));
    }
  }

  #pointerdown(event: PointerEvent & { currentTarget: HTMLElement }): void {
    if (event.button !== 0) return;
    const { from } = rangeOf(this.view, this.#now);
    this.#press = { px: event.clientX, span: this.view.span, from, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  #pointermove(event: PointerEvent): void {
    const press = this.#press;
    if (press === null) {
      this.#hover(event);
      return;
    }
    const moved = event.clientX - press.px;
    if (!press.moved && Math.abs(moved) < STILL) return;
    press.moved = true;
    this.dragging = true;
    const by = -(moved / Math.max(1, this.clientWidth)) * press.span;
    this.#tell(pan({ span: press.span, from: press.from }, by, this.#now));
  }

  #hover(event: PointerEvent): void {
    const mark = this.#markAt(event);
    const tick = mark?.rows.at(-1);
    const canvas = this.querySelector('canvas');
    if (!canvas) return;
    canvas.classList.toggle('on-mark', mark !== null);
    if (!mark || !tick) canvas.title = '';
    else if (mark.capsule) {
      const { from, to } = stretch(mark);
      canvas.title = `${clock(from)} – ${clock(to)}: ${plural(mark.ticks, '{0} tick', '{0} ticks')}, ${plural(mark.failures, '{0} failure', '{0} failures')}`;
    } else canvas.title = spoken(tick, this.#now);
  }

  #pointerup(event: PointerEvent): void {
    const press = this.#press;
    this.#pointercancel();
    if (press === null || press.moved || !this.#isLane(event)) return;
    const scale = this.#scale;
    if (isBinned(scale)) {
      this.#tell(showAround(binRange(scale, event.offsetX)));
      return;
    }
    const mark = this.#markAt(event);
    const tick = mark?.rows.at(-1);
    if (!mark || !tick) return;
    // A capsule zooms in to its ticks; ticks that lie too close for that are chosen, the last first.
    const { from, to } = stretch(mark);
    if (mark.rows.length > 1 && this.view.span > 3 * (to - from + 4000)) this.#tell(showAround({ from, to }));
    else this.#choose(tick, true);
  }

  #pointercancel(): void {
    this.#press = null;
    this.dragging = false;
  }

  // ---- keys ----

  #keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const now = this.#now;
    const side = event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -1 : 1;
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        if (event.shiftKey) this.#tell(pan(this.view, side * 0.2 * this.view.span, now));
        else this.#go(stepInLane(this.#byLane, this.chosen, side));
        break;
      case 'ArrowUp':
      case 'ArrowDown':
        this.#go(stepToLane(this.#byLane, this.chosen, side, now));
        break;
      case '+':
      case '=':
        this.#tell(zoom(this.view, 0.5, zoomCentre(this.view, now), now));
        break;
      case '-':
        this.#tell(zoom(this.view, 2, zoomCentre(this.view, now), now));
        break;
      case 'End':
        this.#tell({ span: this.view.span, from: null });
        break;
      case 'Enter': {
        const tick = this.chosen ?? stepInLane(this.#byLane, null, -1);
        if (tick) this.#choose(tick, true);
        break;
      }
      default:
        return;
    }
    event.preventDefault();
  }

  /** Chooses a tick, brings it into sight, and has it read aloud. */
  #go(tick: Tick | null): void {
    if (tick === null) return;
    const now = this.#now;
    this.saying = spoken(tick, now);
    const { from, to } = rangeOf(this.view, now);
    const seen = tick.lastStartedAt >= from && tick.lastStartedAt <= to;
    this.#tell(seen ? hold(this.view, now) : reveal(this.view, tick.lastStartedAt, now));
    this.#choose(tick, false);
  }

  get #summary(): string {
    const { from } = rangeOf(this.view, this.#now);
    const lanes = this.sensors.map((sensor) => {
      const ticks = this.ticks.filter((tick) => tick.sensor === sensor.name && tick.lastStartedAt >= from);
      return `${sensor.name}: ${plural(
        ticks.reduce((sum, tick) => sum + tick.count, 0),
        '{0} tick',
        '{0} ticks',
      )}`;
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
        @wheel=${{ handleEvent: (event: WheelEvent) => this.#wheel(event), passive: false }}
        @pointerdown=${this.#pointerdown}
        @pointermove=${this.#pointermove}
        @pointerup=${this.#pointerup}
        @pointercancel=${this.#pointercancel}
      >
        <canvas class=${this.dragging ? 'dragging' : nothing}></canvas>
        <div class="axis-labels" aria-hidden="true"></div>
      </div>
      <span class="spoken" aria-live="polite">${this.saying}</span>`;
  }
}
customElements.define('firedrill-timeline', Timeline);
