/** Draws lanes on a canvas. Only px and colours come in: no time, no data. */

import type { AxisLine } from './axis.ts';
import { BIN, type Bins } from './bins.ts';
import type { End } from './ends.ts';
import type { LanePlaces } from './laneWindow.ts';
import { MARK, type Mark, type MarkLane } from './marks.ts';

/** The theme's colours, resolved. */
export interface Palette {
  readonly ends: Readonly<Record<End, string>>;
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly hairline: string;
  readonly now: string;
  readonly selection: string;
  readonly font: string;
  readonly highContrast: boolean;
}

export interface LaneDrawing {
  readonly lane: MarkLane;
  /** Set where columns stand for the marks. */
  readonly bins: Bins | null;
  /** Where the next interval tick is due; null for none. */
  readonly next: number | null;
  /** Where the unread rows begin and end; null when there are none. */
  readonly behind: { readonly from: number; readonly to: number } | null;
  readonly dimmed: boolean;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Height of the axis at the top. */
  readonly axis: number;
  readonly places: LanePlaces;
  readonly lines: readonly AxisLine[];
  readonly lanes: readonly LaneDrawing[];
  readonly now: number | null;
  /** What stands where a sensor was off. */
  readonly offWord: string;
  /** Row id of the chosen tick. */
  readonly chosen: number | null;
}

type Pen = CanvasRenderingContext2D;

/** One end's glyph around a point. */
export const glyph = (pen: Pen, end: End, cx: number, cy: number, palette: Palette): void => {
  pen.fillStyle = palette.ends[end];
  pen.strokeStyle = palette.ends[end];
  pen.beginPath();
  switch (end) {
    case 'found':
      pen.moveTo(cx, cy - 5.5);
      pen.lineTo(cx + 5.5, cy);
      pen.lineTo(cx, cy + 5.5);
      pen.lineTo(cx - 5.5, cy);
      pen.closePath();
      pen.fill();
      break;
    case 'none':
      pen.arc(cx, cy, 3, 0, Math.PI * 2);
      pen.fill();
      break;
    case 'skipped':
      pen.lineWidth = 1.5;
      pen.arc(cx, cy, 3.25, 0, Math.PI * 2);
      pen.stroke();
      break;
    case 'failure':
      pen.lineWidth = 2;
      pen.lineCap = 'square';
      pen.moveTo(cx - 3, cy - 3);
      pen.lineTo(cx + 3, cy + 3);
      pen.moveTo(cx + 3, cy - 3);
      pen.lineTo(cx - 3, cy + 3);
      pen.stroke();
      pen.lineCap = 'butt';
      break;
  }
};

const capsule = (pen: Pen, mark: Mark, cy: number, palette: Palette): void => {
  pen.beginPath();
  pen.roundRect(mark.left + 0.5, cy - 6.5, mark.right - mark.left - 1, 13, 6.5);
  pen.fillStyle = palette.background;
  pen.fill();
  pen.lineWidth = 1;
  pen.strokeStyle = palette.ends[mark.end];
  pen.stroke();
};

const drawMark = (pen: Pen, mark: Mark, cy: number, palette: Palette): void => {
  if (mark.tail > 0) {
    pen.fillStyle = palette.ends[mark.end];
    pen.fillRect(mark.first, cy - 1.5, mark.tail, 3);
  }
  if (mark.capsule) capsule(pen, mark, cy, palette);
  const at = mark.first;
  glyph(pen, mark.end, at, cy, palette);
  if (mark.label !== '') {
    pen.fillStyle = palette.foreground;
    pen.fillText(mark.label, at + Math.max(MARK, mark.tail) + 2, cy + 0.5);
  }
};

/** Columns: a bar for failures found, a line for none, small rings and crosses. */
const drawBins = (pen: Pen, { bins, gaps, most }: Bins, cy: number, drawing: Drawing, palette: Palette): void => {
  const half = drawing.places.laneHeight / 2 - 3;
  const bottom = cy + half;
  for (const bin of bins) {
    pen.fillStyle = palette.ends[bin.end];
    pen.strokeStyle = palette.ends[bin.end];
    const middle = bin.x + BIN / 2;
    if (bin.failures > 0) {
      const height = 3 + (2 * half - 3) * (Math.log2(1 + bin.failures) / Math.log2(1 + most));
      pen.fillStyle = palette.ends.found;
      pen.fillRect(bin.x, bottom - height, BIN - 1, height);
    }
    pen.beginPath();
    pen.lineWidth = 1.5;
    if (bin.end === 'none') pen.fillRect(bin.x, bottom - 1.5, BIN, 1.5);
    else if (bin.end === 'skipped') {
      pen.lineWidth = 1;
      pen.arc(middle, bottom - 2, 1.75, 0, Math.PI * 2);
    } else if (bin.end === 'failure') {
      pen.moveTo(middle - 2, cy - 2);
      pen.lineTo(middle + 2, cy + 2);
      pen.moveTo(middle + 2, cy - 2);
      pen.lineTo(middle - 2, cy + 2);
    }
    pen.stroke();
    if (drawing.chosen !== null && bin.ids.includes(drawing.chosen)) {
      pen.beginPath();
      pen.strokeStyle = palette.selection;
      pen.roundRect(bin.x - 2, cy - half - 1, BIN + 3, 2 * half + 3, 3);
      pen.stroke();
    }
  }
  pen.fillStyle = palette.muted;
  for (const gap of gaps) {
    const from = Math.max(0, gap.from);
    const to = Math.min(drawing.width, gap.to);
    if (to - from > 24) pen.fillText(drawing.offWord, (from + to) / 2 - pen.measureText(drawing.offWord).width / 2, cy);
  }
};

const ring = (pen: Pen, mark: Mark, cy: number, palette: Palette): void => {
  pen.beginPath();
  pen.lineWidth = 1.5;
  pen.strokeStyle = palette.selection;
  pen.roundRect(mark.left - 2, cy - 8.5, mark.right - mark.left + 4, 17, 8.5);
  pen.stroke();
};

/** Slanted strokes along the bottom of a lane. */
const hatch = (pen: Pen, from: number, to: number, bottom: number, palette: Palette): void => {
  pen.beginPath();
  pen.lineWidth = 1;
  pen.strokeStyle = palette.muted;
  for (let at = Math.floor(from / 4) * 4; at < to; at += 4) {
    pen.moveTo(at, bottom);
    pen.lineTo(at + 3, bottom - 3);
  }
  pen.stroke();
};

const drawLane = (pen: Pen, drawing: Drawing, index: number, palette: Palette): void => {
  const item = drawing.lanes[index];
  if (!item) return;
  const top = drawing.places.tops[index] ?? 0;
  const cy = Math.round(top + drawing.places.laneHeight / 2);
  pen.save();
  if (item.dimmed) pen.globalAlpha = 0.4;
  if (item.behind) hatch(pen, item.behind.from, item.behind.to, top + drawing.places.laneHeight - 1, palette);
  if (item.bins) drawBins(pen, item.bins, cy, drawing, palette);
  for (const line of item.lane.lines) {
    pen.fillStyle = palette.ends[line.end];
    pen.fillRect(line.from, cy - 0.5, line.to - line.from, 1);
  }
  for (const mark of item.lane.marks) drawMark(pen, mark, cy, palette);
  for (const mark of item.lane.marks) {
    if (drawing.chosen !== null && mark.rows.some((row) => row.id === drawing.chosen)) ring(pen, mark, cy, palette);
  }
  if (item.next !== null) {
    pen.beginPath();
    pen.lineWidth = 1;
    pen.strokeStyle = palette.foreground;
    pen.setLineDash([1.5, 1.5]);
    pen.arc(item.next, cy, 3.5, 0, Math.PI * 2);
    pen.stroke();
    pen.setLineDash([]);
  }
  pen.restore();
};

const vertical = (pen: Pen, at: number, top: number, bottom: number, colour: string): void => {
  pen.beginPath();
  pen.lineWidth = 1;
  pen.strokeStyle = colour;
  const px = Math.round(at) + 0.5;
  pen.moveTo(px, top);
  pen.lineTo(px, bottom);
  pen.stroke();
};

/** Draws all of it; the canvas is cleared first. */
export const draw = (pen: Pen, drawing: Drawing, palette: Palette): void => {
  pen.clearRect(0, 0, drawing.width, drawing.height);
  pen.font = palette.font;
  pen.textBaseline = 'middle';
  if (palette.highContrast) pen.setLineDash([1, 3]);
  for (const line of drawing.lines) vertical(pen, line.x, drawing.axis - 4, drawing.height, palette.hairline);
  pen.setLineDash([]);
  const { fixed, scrolled } = drawing.places;
  for (let index = 0; index < fixed; index += 1) drawLane(pen, drawing, index, palette);
  pen.save();
  pen.beginPath();
  pen.rect(0, scrolled.top, drawing.width, scrolled.bottom - scrolled.top);
  pen.clip();
  for (let index = fixed; index < drawing.lanes.length; index += 1) drawLane(pen, drawing, index, palette);
  pen.restore();
  if (fixed > 0 && fixed < drawing.lanes.length) {
    pen.fillStyle = palette.hairline;
    pen.fillRect(0, Math.round(scrolled.top), drawing.width, 1);
  }
  if (drawing.now !== null) vertical(pen, drawing.now, drawing.axis - 4, drawing.height, palette.now);
};
