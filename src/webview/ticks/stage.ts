import { clock, clockOfDay } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { axisLabels, writeLabels } from './axisLabels.ts';
import { type Drawing, draw, type Palette } from './draw.ts';
import { drawingOf, type TimelineState } from './drawing.ts';
import { onThemeChange, readPalette } from './palette.ts';

/** Half the width, in px, that the text of now takes on the axis. */
const NOW_HALF = 26;
const LOST_HALF = 52;

/** The canvas of a timeline and the times above it: drawn at most once a frame, and not while the page is hidden. */
export class Stage {
  readonly #host: HTMLElement;
  readonly #state: (width: number, height: number) => TimelineState;
  #palette: Palette | null = null;
  #drawing: Drawing | null = null;
  #frame = 0;
  #stopTheme: (() => void) | undefined;
  readonly #resize = new ResizeObserver(() => this.schedule());

  /** `state` answers what to draw in a canvas of this size, in px. */
  constructor(host: HTMLElement, state: (width: number, height: number) => TimelineState) {
    this.#host = host;
    this.#state = state;
  }

  /** What was drawn last. */
  get drawing(): Drawing | null {
    return this.#drawing;
  }

  connect(): void {
    this.#stopTheme = onThemeChange(() => {
      this.#palette = null;
      this.schedule();
    });
    this.#resize.observe(this.#host);
    document.addEventListener('visibilitychange', this.schedule);
  }

  disconnect(): void {
    cancelAnimationFrame(this.#frame);
    this.#stopTheme?.();
    this.#resize.disconnect();
    document.removeEventListener('visibilitychange', this.schedule);
  }

  /** Draws with the next frame. */
  readonly schedule = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  };

  #draw(): void {
    const canvas = this.#host.querySelector('canvas');
    const axis = this.#host.querySelector<HTMLElement>('.axis-labels');
    const pen = canvas?.getContext('2d');
    const [width, height] = [this.#host.clientWidth, this.#host.clientHeight];
    if (!canvas || !pen || !axis || document.hidden || width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
    }
    const state = this.#state(width, height);
    this.#drawing = drawingOf(state);
    this.#palette ??= readPalette();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(pen, this.#drawing, this.#palette);
    const nowText = state.live ? clock(state.now) : t('last seen {0}', clockOfDay(state.now, Date.now()));
    writeLabels(axis, axisLabels(this.#drawing, nowText, state.live ? NOW_HALF : LOST_HALF));
  }
}
