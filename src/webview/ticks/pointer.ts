/** What the mouse does on the timeline: wheel zooms, shift and wheel or drag pans, a click chooses. */

import type { LaneTick } from '../protocol.ts';
import { clock } from '../shared/format.ts';
import { plural } from '../shared/l10n.ts';
import { binRange } from './bins.ts';
import type { Drawing, LaneDrawing } from './draw.ts';
import { spoken } from './ends.ts';
import { laneTitle, type SensorLane } from './lane.ts';
import { laneAt } from './laneWindow.ts';
import { type Mark, markAt, stretch } from './marks.ts';
import { type Scale, timeAt } from './scale.ts';
import { pan, rangeOf, showAround, type Viewport, zoom } from './viewport.ts';

/** A press that moves less is a click, in px. */
const STILL = 4;

/** The timeline as the mouse finds it. */
export interface PointerSurface {
  readonly view: Viewport;
  readonly scale: Scale;
  readonly now: number;
  readonly drawing: Drawing | null;
  readonly lanes: readonly SensorLane[];
  show(view: Viewport): void;
  choose(tick: LaneTick): void;
  dragging(on: boolean): void;
}

/** What is said of the mark under the pointer; '' where there is none. */
export const markTitle = (mark: Mark | null, lane: SensorLane | null, now: number): string => {
  const tick = mark?.rows.at(-1);
  if (!mark || !tick || !lane) return '';
  if (!mark.capsule) return spoken(tick, laneTitle(lane), now);
  const { from, to } = stretch(mark);
  const ticks = plural(mark.ticks, '{0} tick', '{0} ticks');
  return `${clock(from)} – ${clock(to)}: ${ticks}, ${plural(mark.failures, '{0} failure', '{0} failures')}`;
};

export class Pointer {
  readonly #surface: PointerSurface;
  #press: { readonly px: number; readonly span: number; readonly from: number; moved: boolean } | null = null;

  constructor(surface: PointerSurface) {
    this.#surface = surface;
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const { scale, view, now } = this.#surface;
    const delta = event.deltaY === 0 ? event.deltaX : event.deltaY;
    const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? delta * 16 : delta;
    if (event.shiftKey || event.deltaY === 0) {
      this.#surface.show(pan(view, (px / scale.width) * view.span, now));
    } else {
      const factor = Math.exp(Math.max(-1, Math.min(1, px / 300)));
      this.#surface.show(zoom(view, factor, timeAt(scale, event.offsetX), now));
    }
  }

  down(event: PointerEvent & { readonly currentTarget: HTMLElement }): void {
    if (event.button !== 0) return;
    const { view, now } = this.#surface;
    this.#press = { px: event.clientX, span: view.span, from: rangeOf(view, now).from, moved: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  /** Answers what lies under the pointer, with what is said of it; null while it drags. */
  move(event: PointerEvent): { readonly mark: Mark | null; readonly title: string } | null {
    const press = this.#press;
    if (press === null) {
      const { mark, lane } = this.#under(event);
      return { mark, title: markTitle(mark, lane, this.#surface.now) };
    }
    const moved = event.clientX - press.px;
    if (!press.moved && Math.abs(moved) < STILL) return null;
    press.moved = true;
    this.#surface.dragging(true);
    const by = -(moved / this.#surface.scale.width) * press.span;
    this.#surface.show(pan({ span: press.span, from: press.from }, by, this.#surface.now));
    return null;
  }

  up(event: PointerEvent): void {
    const press = this.#press;
    this.cancel();
    const { scale, view } = this.#surface;
    const { mark, lane, drawn } = this.#under(event);
    if (press === null || press.moved || lane === null) return;
    if (drawn?.bins) {
      this.#surface.show(showAround(binRange(scale, event.offsetX)));
      return;
    }
    const tick = mark?.rows.at(-1);
    if (!mark || !tick) return;
    // A capsule zooms in to its ticks; ticks that lie too close for that are chosen, the last first.
    const { from, to } = stretch(mark);
    if (mark.rows.length > 1 && view.span > 3 * (to - from + 4000)) this.#surface.show(showAround({ from, to }));
    else this.#surface.choose(tick);
  }

  cancel(): void {
    this.#press = null;
    this.#surface.dragging(false);
  }

  #under({ offsetX, offsetY }: MouseEvent): {
    readonly mark: Mark | null;
    readonly lane: SensorLane | null;
    readonly drawn: LaneDrawing | undefined;
  } {
    const { drawing, lanes } = this.#surface;
    const index = drawing === null ? null : laneAt(drawing.places, offsetY);
    const drawn = index === null ? undefined : drawing?.lanes[index];
    return {
      mark: drawn ? markAt(drawn.lane, offsetX) : null,
      lane: index === null ? null : (lanes[index] ?? null),
      drawn,
    };
  }
}
