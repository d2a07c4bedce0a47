/** A tree row as plain data: what it says and to whom. `treeItem.ts` makes it VS Code's. */
export interface TreeRow {
  /** Unique in its view; the same row keeps it, so that selection survives updates. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** The whole row in words, for a screen reader. */
  readonly spoken: string;
  readonly icon: RowIcon | null;
  /** `viewItem` for menus. */
  readonly context: string | null;
  readonly folder: 'open' | 'closed' | null;
}

/** A codicon and the theme colour it has; null: the text's. */
export interface RowIcon {
  readonly name: string;
  readonly color: IconColor | null;
}
/** Colours that all four default themes define. */
export type IconColor =
  | 'problemsErrorIcon.foreground'
  | 'problemsWarningIcon.foreground'
  | 'charts.green'
  | 'descriptionForeground';
