import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { root } from '../scripts/paths.ts';
import type { Kept, Measured } from './figure.ts';

/** Where the time of a missed goal goes, written by hand after profiling; kept when the results are written anew. */
const notes = path.join(import.meta.dirname, 'NOTES.md');

/** The whole of RESULTS.md. @param failed names of the groups that could not be measured this time. */
export async function results(measured: readonly Kept[], failed: readonly string[]): Promise<string> {
  const goals = measured.flatMap(({ figures }) => figures.filter(({ met }) => met !== null));
  const missed = goals.filter(({ met }) => met === false);
  return `# Results

Written by \`npm run bench\`; medians, with the smallest and largest value in brackets.

${await machine()}
${failed.length > 0 ? `\nCould not be measured in the last run, which does not count as met: ${failed.join(', ')}. Where such a group stands below, it is from an earlier run.\n` : ''}
${goals.length - missed.length} of ${goals.length} goals met.${missed.map(({ figure, goal, measured: got }) => ` Missed: ${figure} (${got}; goal ${goal}).`).join('')}

${measured.map((group) => `${table(group)}\nMeasured ${group.at} UTC at ${group.commit}.\n`).join('\n')}
${(await readFile(notes, 'utf8')).trim()}
`;
}

/** One group as Markdown. */
export function table({ title, how, figures }: Measured): string {
  const rows = figures.map(
    ({ figure, goal, measured, met }) =>
      `| ${figure} | ${goal} | ${measured} | ${met === null ? '' : met ? 'met' : 'missed'} |`,
  );
  return `## ${title}\n\n${how}\n\n| figure | goal | measured | |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

async function machine(): Promise<string> {
  const cpu = os.cpus();
  const memory = Math.round(os.totalmem() / 1024 ** 3);
  const what = `${cpu.length} × ${cpu[0]?.model.trim() || 'processor of unknown name'}, ${memory} GiB, ${os.type()} ${os.release().split('.')[0]}`;
  const requirements = await readFile(path.join(root, 'test', 'dagster', 'requirements.txt'), 'utf8');
  const version = (name: string): string => new RegExp(`^${name}==(\\S+)`, 'm').exec(requirements)?.[1] ?? 'unknown';
  return `Machine: ${what}. Node ${process.versions.node}, Dagster ${version('dagster')}, sentry-sdk ${version('sentry-sdk')}.`;
}
