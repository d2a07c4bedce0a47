/** What a setting of the extension, or an option of the command line, is where nothing is said. */
export const DEFAULTS = {
  webserverUrl: 'http://127.0.0.1:3000',
  /** The part after `ai_` in a code location's name. */
  oemPattern: '^ai_(.+)$',
  /** s */
  tickInterval: 60,
  /** ms */
  peekInterval: 250,
  /** That of Sentry's own local tool, Spotlight. */
  inboxPort: 8969,
} as const;
