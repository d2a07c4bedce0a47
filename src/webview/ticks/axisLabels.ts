import type { Drawing } from './draw.ts';

interface Label {
  readonly text: string;
  /** Centre, in px. */
  readonly px: number;
  readonly now: boolean;
}

/** The times of an axis that do not stand in the way of now, whose text is `half` px to either side. */
export const axisLabels = (
  { lines, now, width }: Pick<Drawing, 'lines' | 'now' | 'width'>,
  nowText: string,
  half: number,
): readonly Label[] => {
  const labels: Label[] = lines
    .filter(({ x }) => x > 16 && x < width - 16 && (now === null || Math.abs(x - now) > half + 18))
    .map(({ label, x }) => ({ text: label, px: x, now: false }));
  if (now !== null) labels.push({ text: nowText, px: Math.min(Math.max(now, half), width - half), now: true });
  return labels;
};

/** Writes the labels: an element for each, reused, and moved without a new layout of the page. */
export const writeLabels = (axis: HTMLElement, labels: readonly Label[]): void => {
  while (axis.childElementCount < labels.length) axis.append(document.createElement('span'));
  while (axis.childElementCount > labels.length) axis.lastElementChild?.remove();
  labels.forEach(({ text, px, now }, index) => {
    const element = axis.children[index];
    if (!(element instanceof HTMLElement)) return;
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle('is-now', now);
    element.style.setProperty('transform', `translateX(calc(${px.toFixed(1)}px - 50%))`);
  });
};
