import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { type PageParts, webviewHtml } from '../../../src/ui/webviewHtml.ts';
import { bundleFolder } from './bundle.ts';
import { BODY_CLASS, THEMES, type ThemeName, themeCss } from './themes.ts';

export type WebviewName = 'preview' | 'ticks';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

/** Stands for VS Code: keeps what the webview posts and the state it saves. */
const FAKE_API = `
window.posted = [];
window.violations = [];
addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber));
window.acquireVsCodeApi = () => ({
  postMessage: (message) => { window.posted.push(structuredClone(message)); },
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});`;

/** The extension's own page, with what VS Code puts in front: the theme, its body class, and the connection. */
const page = (
  name: WebviewName,
  theme: ThemeName,
  { strings, data }: Pick<PageParts, 'strings' | 'data'>,
  origin: string,
): string => {
  const nonce = randomBytes(16).toString('hex');
  const html = webviewHtml({
    title: name,
    language: 'en',
    nonce,
    source: origin,
    script: `/${name}.js`,
    styles: [`/${name}.css`],
    codicons: '/codicon.css',
    strings,
    ...(data && { data }),
  });
  return html
    .replace(
      '<head>',
      () =>
        `<head><style id="theme" nonce="${nonce}">${themeCss(theme)}</style><script nonce="${nonce}">${FAKE_API}</script>`,
    )
    .replace('<body', () => `<body class="${BODY_CLASS[theme]}"`);
};

async function answer(url: URL, response: ServerResponse): Promise<void> {
  const name = url.pathname.slice(1);
  if (name === 'preview' || name === 'ticks') {
    const theme = THEMES.find((candidate) => candidate === url.searchParams.get('theme')) ?? 'dark';
    response.setHeader('content-type', 'text/html');
    const [strings, data] = ['strings', 'data'].map((part) => JSON.parse(url.searchParams.get(part) ?? '{}'));
    response.end(page(name, theme, { strings, data }, url.origin));
    return;
  }
  const type = TYPES[path.extname(name)];
  if (!type || name.includes('/')) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', type);
  response.end(await readFile(path.join(bundleFolder, name)));
}

/** Serves both webviews on 127.0.0.1 as VS Code would show them; close it when done. */
export async function serveWebviews(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', `http://${request.headers.host}`), response).catch(() =>
      response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The harness has no address.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}
