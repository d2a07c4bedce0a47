/** What this code needs of `vscode.l10n`; the pure parts take it as an argument, so that they run without VS Code. */
export interface L10n {
  t(message: string, ...args: (string | number | boolean)[]): string;
}

/** English, as written in the code: `{0}` stands for the first argument. */
export const english: L10n = {
  t: (message, ...args) =>
    message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole)),
};
