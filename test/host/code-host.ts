// What `code-host` runs: takes the arguments of a desktop `code`, as far as @vscode/test-electron gives them, and
// leaves with the exit code of the tests.
import { setTimeout as pause } from 'node:timers/promises';
import util from 'node:util';
import { launchBrowser } from './browser.ts';
import { startServer, type VscodeServer } from './server.ts';
import { remotePath, workbenchUrl } from './workbench-url.ts';

const { values, positionals } = util.parseArgs({
  strict: false, // desktop switches that mean nothing here
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
  },
});
const verbose = Boolean(process.env.FIREDRILL_VERBOSE);
const settings = JSON.parse(process.env.FIREDRILL_SETTINGS ?? '{}');

/** What the workbench says on its console that is no news. */
const noise =
  /^(Resolv|Creating a socket|\[reconnection|Updating additional|\[AgentHost|\[AccountPolicyGate|\[Service Worker|getaddrinfo ENOTFOUND|Failed to fetch|Canceled|Ignoring fetching additional|\[remote-connection\])|workbench\/workbench\.js:/;

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function payload(server: VscodeServer): [string, string][] {
  const developed = Array.isArray(values.extensionDevelopmentPath) ? values.extensionDevelopmentPath : [];
  const pairs = developed.map((file): [string, string] => [
    'extensionDevelopmentPath',
    remotePath(server, String(file)),
  ]);
  const tests = text(values.extensionTestsPath);
  if (tests !== undefined) pairs.push(['extensionTestsPath', remotePath(server, tests)]);
  const coverage = process.env.NODE_V8_COVERAGE;
  if (coverage) pairs.push(['extensionEnvironment', JSON.stringify({ NODE_V8_COVERAGE: coverage })]);
  return pairs;
}

/** The first reason to end: exit code, and what to say. */
const { promise: ended, resolve: end } = Promise.withResolvers<{ code: number; why?: string }>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end({ code: 130 }));

// An extension host that dies arrives as the workbench's "exit with 0": the server is the one who saw how it ended.
const { promise: hostExit, resolve: sawHostExit } = Promise.withResolvers<{ clean: boolean; how: string }>();
let heard = '';
function hear(output: string): void {
  if (verbose) process.stderr.write(output);
  heard = (heard + output).slice(-2000);
  const exit = /Extension Host Process exited with code: (\S+), signal: (\S+)\./.exec(heard);
  if (exit) sawHostExit({ clean: exit[1] === '0' && exit[2] === 'null', how: `code ${exit[1]}, signal ${exit[2]}` });
}

async function testsReturned(code: number): Promise<void> {
  if (code !== 0) return end({ code });
  const exit = await Promise.race([hostExit, pause(3000, undefined)]);
  if (exit && !exit.clean) end({ code: 71, why: `the extension host died (${exit.how})` });
  else end({ code: 0 });
}

async function open(server: VscodeServer, browser: Awaited<ReturnType<typeof launchBrowser>>): Promise<void> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  page.on('crash', () => end({ code: 70, why: 'the page crashed' }));
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    const line = util.format(...args);
    if (verbose || !noise.test(line))
      (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(`${line}\n`);
  });
  await page.exposeFunction('codeAutomationExit', testsReturned);
  const folder = positionals[0];
  await page.goto(workbenchUrl(server, { ...(folder === undefined ? {} : { folder }), payload: payload(server) }));
}

const userDataDir = text(values['user-data-dir']);
const starting = startServer({
  smoke: true,
  settings,
  trust: process.env.FIREDRILL_TRUST === '1',
  ...(userDataDir === undefined ? {} : { userDataDir }),
  onOutput: hear,
});
const [server, browser] = await Promise.all([starting, launchBrowser()]);
server.process.once('exit', (code) => end({ code: 70, why: `the VS Code server ended with ${code}` }));
browser.once('disconnected', () => end({ code: 70, why: 'the browser is gone' }));
hostExit.then(({ clean, how }) => {
  // Dead without a word from the tests: give that word a moment to arrive first.
  setTimeout(
    () => end({ code: 71, why: `the extension host ended (${how})${clean ? ' before its tests' : ''}` }),
    5000,
  );
});
setTimeout(() => end({ code: 124, why: 'out of time' }), Number(process.env.FIREDRILL_HOST_TIMEOUT ?? 300_000)).unref();
open(server, browser).catch((error) => end({ code: 70, why: String(error) }));

const { code, why } = await ended;
if (why) console.error(`VS Code host: ${why}`);
await browser.close();
await server.stop();
process.exit(code);
