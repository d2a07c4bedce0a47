import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { exec } from '../../scripts/exec.ts';
import { root } from '../../scripts/paths.ts';
import { prepared } from '../../scripts/prepared.ts';

/** How Playwright starts the browser. */
export type BrowserFiles =
  | { kind: 'own'; executablePath: string; env: Record<string, string> }
  /** A browser that is installed on this machine. */
  | { kind: 'installed'; channel: 'chrome' };

/**
 * The browser: `FIREDRILL_BROWSER` (a path), else the Chromium of @sparticuz/chromium (Linux on x64; with its own
 * libraries and fonts, so that the machine needs none), else an installed Chrome.
 */
export async function chromiumFiles(): Promise<BrowserFiles> {
  const named = process.env.FIREDRILL_BROWSER;
  if (named) return { kind: 'own', executablePath: named, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') return { kind: 'installed', channel: 'chrome' };
  const manifest = await readFile(path.join(root, 'node_modules', '@sparticuz', 'chromium', 'package.json'));
  const hash = createHash('sha256').update(manifest).update(root).digest('hex').slice(0, 12); // fonts.conf holds paths
  const folder = await prepared(`chromium-${hash}`, 'Chromium', unpack);
  return {
    kind: 'own',
    executablePath: path.join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
    },
  };
}

/** Unpacks what @sparticuz/chromium carries. It unpacks to the temporary folder, so this runs in a process with another. */
const unpackScript = `
import chromium, { inflate } from '@sparticuz/chromium';
import path from 'node:path';
const bin = process.argv[1];
await Promise.all([chromium.executablePath(bin), inflate(path.join(bin, 'al2023.tar.br'))]);`;

async function unpack(folder: string): Promise<void> {
  const bin = path.join(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin');
  await mkdir(folder, { recursive: true });
  const ran = await exec(process.execPath, ['--input-type=module', '--eval', unpackScript, bin], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
  });
  if (ran.code !== 0) throw new Error(`Chromium could not be unpacked: ${ran.stderr}`);
  await rm(path.join(folder, 'tmp'), { recursive: true, force: true });
  await writeFile(path.join(folder, 'fonts.conf'), fontsConf(folder));
}

function fontsConf(folder: string): string {
  const family = (generic: string, real: string) =>
    `<alias binding="strong"><family>${generic}</family><prefer><family>${real}</family></prefer></alias>`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>${path.join(folder, 'fonts')}</dir>
<dir>${path.join(root, 'node_modules', 'dejavu-fonts-ttf', 'ttf')}</dir>
<cachedir>${path.join(folder, 'font-cache')}</cachedir>
${family('monospace', 'DejaVu Sans Mono')}
${family('sans-serif', 'DejaVu Sans')}
${family('system-ui', 'DejaVu Sans')}
${family('serif', 'DejaVu Serif')}
</fontconfig>
`;
}
