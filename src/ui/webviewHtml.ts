/** What a webview's page loads; addresses as `Webview.asWebviewUri` gives them. */
export interface PageParts {
  readonly title: string;
  readonly language: string;
  readonly nonce: string;
  /** `Webview.cspSource`. */
  readonly source: string;
  readonly script: string;
  readonly styles: readonly string[];
  readonly codicons: string;
  /** Translations by English text; the script reads them from the body's `data-strings`. */
  readonly strings: Readonly<Record<string, unknown>>;
  /** More for the script, as the body's `data-<name>`. */
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * The page of a webview: nothing but its own script (by nonce), styles, the codicon font and translations. Data comes as
 * messages, once the script says that it is ready.
 */
export function webviewHtml(page: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.source} 'nonce-${page.nonce}'`,
    `font-src ${page.source}`,
  ].join('; ');
  const links = page.styles.map((href) => `<link rel="stylesheet" href="${escaped(href)}">`);
  const data = Object.entries(page.data ?? {}).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  return `<!doctype html>
<html lang="${escaped(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)}</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${page.nonce}" href="${escaped(page.codicons)}">
${links.join('\n')}
</head>
<body data-strings="${escaped(JSON.stringify(page.strings))}"${data.join('')}>
<script type="module" nonce="${page.nonce}" src="${escaped(page.script)}"></script>
</body>
</html>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
