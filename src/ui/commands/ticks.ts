import * as vscode from 'vscode';
import type { EngineApi, OwnTick, Tick } from '../../engine/api.ts';
import { COMMANDS, VIEWS } from '../ids.ts';
import { runsWords } from '../sensors/rows.ts';
import type { Session } from '../session.ts';
import { dotted, inert, shorten } from '../text.ts';
import type { TicksEditor } from '../ticks/editor.ts';
import { timeOf } from '../ticks/timeOf.ts';
import type { TicksView } from '../ticks/view.ts';
import { longTime } from '../time.ts';
import type { Handler } from './register.ts';

/** How far back (ms) ticks are offered, and how many at most. */
const BACK = 7 * 86_400_000;
const MOST = 200;

interface TickItem extends vscode.QuickPickItem {
  readonly at: number;
  readonly tick: number | null;
}

/** Commands of the Sensor Ticks panel. */
export function tickCommands(session: Session, view: TicksView, editor: TicksEditor) {
  /** The page that is meant: an editor's title hands its resource over, the panel's and the palette nothing. */
  const meant = (argument: unknown): TicksView | TicksEditor =>
    editor.active && (argument !== undefined || !view.visible) ? editor : view;
  return {
    /** Of one sensor where a row of the Sensors view asks for it, by its lane's id. */
    [COMMANDS.showTicks]: async (lane: unknown) => {
      if (typeof lane === 'string') await view.ask({ type: 'show-lane', lane });
      else await vscode.commands.executeCommand(`${VIEWS.ticks}.focus`);
    },
    [COMMANDS.goToTick]: async (argument: unknown) => {
      const page = meant(argument);
      const item = await pick(session.call((engine) => telling(engine)));
      if (item) await page.ask({ type: 'jump', at: item.at, tick: item.tick });
    },
    [COMMANDS.filterTicks]: (argument: unknown) => meant(argument).ask({ type: 'find' }),
    [COMMANDS.clearTickFilter]: () => view.ask({ type: 'clear-filter' }),
    [COMMANDS.openTicksInEditor]: () => editor.open(view.kept),
  } satisfies Partial<Record<string, Handler>>;
}

/** The ticks that have something to tell, newest first. */
async function telling(engine: EngineApi): Promise<TickItem[]> {
  const now = Date.now();
  const query = { from: now - BACK, to: now, limit: 5000 };
  const [hosted, own] = await Promise.all([engine.ticks(query), engine.ownSensors(query)]);
  const names = new Map(own.sensors.map(({ id, name, codeLocation }) => [id, dotted(name, codeLocation ?? false)]));
  return [...hosted.ticks, ...own.ticks]
    .map((tick): { tick: Tick | OwnTick; words: string } => ({ tick, words: wordsOf(tick) }))
    .filter(({ words }) => words !== '')
    .sort((a, b) => b.tick.lastStartedAt - a.tick.lastStartedAt)
    .slice(0, MOST)
    .map(({ tick, words }) => ({
      label: longTime(tick.lastStartedAt, now),
      description: inert(names.get(tick.sensor) ?? tick.sensor),
      detail: words,
      at: tick.lastStartedAt,
      tick: tick.id,
    }));
}

function wordsOf(tick: Tick | OwnTick): string {
  switch (tick.end.kind) {
    case 'failure':
      return vscode.l10n.t('Failed: {0}', shorten(inert(tick.end.error), 120));
    case 'unended':
      return vscode.l10n.t('Started, never ended');
    case 'skipped':
      return '';
    case 'success':
      if (tick.trigger === 'daemon') {
        const runs = tick.runsReported.length + tick.runsRequested.length;
        return runs === 0 ? '' : runsWords(runs, vscode.l10n);
      }
      return tick.failuresFound === 0 ? '' : found(tick);
  }
}

/** The first failures by name, and how many more. */
function found({ failuresFound, firstFound }: Tick): string {
  if (firstFound.length === 0) return vscode.l10n.t('{0} found', failuresFound);
  const names = firstFound.map(({ kind, label, detail }) =>
    inert(kind === 'check' ? vscode.l10n.t('{0} on {1}', label, detail) : `${label} (${detail})`),
  );
  const more = failuresFound - firstFound.length;
  const shown = shorten(names.join(', '), 120);
  return more > 0 ? vscode.l10n.t('{0} and {1} more', shown, more) : shown;
}

/** Lets a person choose one of the ticks, or type a time. */
async function pick(loading: Promise<TickItem[]>): Promise<TickItem | undefined> {
  const picker = vscode.window.createQuickPick<TickItem>();
  picker.title = vscode.l10n.t('Go to Tick');
  picker.placeholder = vscode.l10n.t('Choose a tick, or type a time: 19:12, 19:12:30 or 2026-05-04 19:12');
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.busy = true;
  let items: readonly TickItem[] = [];
  const offer = (): void => {
    const at = timeOf(picker.value, Date.now());
    const time: TickItem[] =
      at === null ? [] : [{ label: vscode.l10n.t('Go to {0}', picker.value.trim()), alwaysShow: true, at, tick: null }];
    picker.items = [...time, ...items];
  };
  const changed = picker.onDidChangeValue(offer);
  try {
    const chosen = new Promise<TickItem | undefined>((resolve) => {
      picker.onDidAccept(() => resolve(picker.selectedItems[0]));
      picker.onDidHide(() => resolve(undefined));
    });
    picker.show();
    items = await loading;
    picker.busy = false;
    offer();
    return await chosen;
  } finally {
    changed.dispose();
    picker.dispose();
  }
}
