/** Times to px and back: pure, in CSS px from the left edge of the drawing. */
import type { Range } from './viewport.ts';

/** Maps times to px. */
export interface Scale extends Range {
  readonly width: number;
}

export const x = (scale: Scale, ms: number): number => ((ms - scale.from) / (scale.to - scale.from)) * scale.width;

export const timeAt = (scale: Scale, px: number): number => scale.from + (px / scale.width) * (scale.to - scale.from);
