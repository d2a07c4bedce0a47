import type { ReactiveController, ReactiveControllerHost } from 'lit';

const FOCUSABLE =
  ':is(button, input, select, textarea, vscode-button, vscode-toolbar-button, [tabindex="0"]):not([disabled])';

/**
 * Keeps the focus in the page: where a drawing took away what had it, or made it one that cannot have it, the focus goes
 * to what stands nearest: the closest part around it that can be focused (`tabindex`), or that holds something that can.
 */
export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  /** What had the focus before this drawing, and what it was in, from the inside out. */
  #path: readonly HTMLElement[] = [];

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const { activeElement } = document;
    this.#path = activeElement !== null && this.#host.contains(activeElement) ? pathOf(activeElement) : [];
  }

  hostUpdated(): void {
    const path = this.#path;
    if (path.length === 0) return;
    // Parts that draw themselves have done so by then.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body && document.hasFocus()) focus(nearest(path));
    });
  }
}

/** A toolbar button does not hand the focus on to the button inside. */
function focus(element: HTMLElement | null): void {
  (element?.shadowRoot?.querySelector('button') ?? element)?.focus();
}

function pathOf(element: Element): readonly HTMLElement[] {
  const path: HTMLElement[] = [];
  for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) {
    if (at instanceof HTMLElement) path.push(at);
  }
  return path;
}

function nearest([focused, ...around]: readonly HTMLElement[]): HTMLElement | null {
  if (focused?.isConnected && focused.matches(FOCUSABLE)) return focused;
  for (const part of around) {
    if (!part.isConnected) continue;
    const found = part.matches('[tabindex]') ? part : part.querySelector<HTMLElement>(FOCUSABLE);
    if (found) return found;
  }
  return null;
}
