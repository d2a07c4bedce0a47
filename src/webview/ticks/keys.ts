/** What the timeline's keys do: pure. */
import type { LaneTick } from '../protocol.ts';
import { stepInLane, stepToLane } from './steps.ts';
import { follow, pan, type Viewport, zoom, zoomCentre } from './viewport.ts';

export type KeyAction =
  | { readonly kind: 'view'; readonly view: Viewport }
  /** Choose this tick and bring it into sight; `open` asks for its details. */
  | { readonly kind: 'choose'; readonly tick: LaneTick; readonly open: boolean };

export interface KeyState {
  readonly view: Viewport;
  /** The ticks of each lane, oldest first. */
  readonly ticks: readonly (readonly LaneTick[])[];
  readonly chosen: LaneTick | null;
  readonly now: number;
}

export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const chosen = (tick: LaneTick | null, open = false): KeyAction | 'nothing' =>
  tick === null ? 'nothing' : { kind: 'choose', tick, open };

/** What a key does: an action, `nothing` at the end of a lane, or null for a key that is somebody else's. */
export const keyAction = (key: Key, state: KeyState): KeyAction | 'nothing' | null => {
  const { view, ticks, now } = state;
  if (key.ctrlKey || key.metaKey || key.altKey) return null;
  const side = key.key === 'ArrowLeft' || key.key === 'ArrowUp' ? -1 : 1;
  switch (key.key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      if (key.shiftKey) return { kind: 'view', view: pan(view, side * 0.2 * view.span, now) };
      return chosen(stepInLane(ticks, state.chosen, side));
    case 'ArrowUp':
    case 'ArrowDown':
      return chosen(stepToLane(ticks, state.chosen, side, now));
    case '+':
    case '=':
      return { kind: 'view', view: zoom(view, 0.5, zoomCentre(view, now), now) };
    case '-':
      return { kind: 'view', view: zoom(view, 2, zoomCentre(view, now), now) };
    case 'End':
      return { kind: 'view', view: follow(view) };
    case 'Enter':
      return chosen(state.chosen ?? stepInLane(ticks, null, -1), true);
    default:
      return null;
  }
};
