import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { chromiumFiles } from './chromium-files.ts';

/**
 * Starts the browser, headless. It resolves no name and reaches nothing but 127.0.0.1, and ends with this process,
 * however this process ends. Close it when done.
 */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const files = await chromiumFiles();
  const args = [
    '--no-sandbox', // containers run as root
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--font-render-hinting=none',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ...(options.args ?? []),
  ];
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  return chromium.launch({
    // Whoever starts the browser ends it, in its own order.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    ...options,
    ...(files.kind === 'own' ? { executablePath: files.executablePath } : { channel: files.channel }),
    env: { ...definedOnly(env), ...(files.kind === 'own' ? files.env : {}) },
    args,
  });
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
