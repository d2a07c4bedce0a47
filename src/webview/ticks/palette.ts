import type { Palette } from './draw.ts';

/** Resolves the theme's colours for the canvas. */
export const readPalette = (): Palette => {
  const style = getComputedStyle(document.body);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  const highContrast = document.body.classList.contains('vscode-high-contrast');
  return {
    ends: {
      found: value('--vscode-charts-blue'),
      none: value('--vscode-charts-green'),
      skipped: value('--vscode-descriptionForeground'),
      failure: value('--vscode-charts-red'),
    },
    background: value('--ground'),
    foreground: value('--vscode-foreground'),
    muted: value('--vscode-descriptionForeground'),
    hairline: value('--hairline') || value('--vscode-panel-border'),
    now: value('--vscode-focusBorder'),
    selection: value('--vscode-focusBorder'),
    font: `${value('--tiny') || '11px'} ${style.fontFamily}`,
    highContrast,
  };
};

/** Calls back when the theme or the font changes; returns what stops it. */
export const onThemeChange = (changed: () => void): (() => void) => {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return () => observer.disconnect();
};
