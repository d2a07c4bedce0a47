import * as vscode from 'vscode';
import { choicesOf, type FilterChoice, GROUPINGS, PENDING, withChoices } from '../failures/arrangement.ts';
import type { FailureSource } from '../failures/source.ts';
import { COMMANDS } from '../ids.ts';
import type { Session } from '../session.ts';
import { inert } from '../text.ts';
import { Throttle } from '../throttle.ts';
import type { Handler } from './register.ts';

/** ms between two searches while somebody types. */
const TYPING = 200;
/** OEMs and code locations offered in the filter. */
const PLACES = 100;

/** Commands on how the Failures view lists: grouping, filter, search. */
export function arrangementCommands(session: Session, source: FailureSource) {
  return {
    [COMMANDS.groupFailures]: async () => {
      const now = source.arrangement.grouping;
      const items = GROUPINGS.map((grouping) => ({
        ...groupingItem(grouping),
        grouping,
        iconPath: new vscode.ThemeIcon(grouping === now ? 'check' : 'blank'),
      }));
      const placeHolder = vscode.l10n.t('Group failures by');
      const picked = await vscode.window.showQuickPick(items, { placeHolder });
      if (picked) source.arrange({ grouping: picked.grouping });
    },
    [COMMANDS.filterFailures]: async () => {
      const { groups } = await session.call((engine) =>
        engine.failureGroups({ status: 'all', grouping: 'location', limit: PLACES, ids: [] }),
      );
      const places = groups.map(({ newest }) => newest.codeLocation || newest.oem);
      const { filter } = source.arrangement;
      const items = filterItems([...new Set([...places, ...filter.places])]);
      const picked = await pickMany(
        items,
        items.filter((item) => 'choice' in item && item.choice.isIn(filter)),
      );
      if (!picked) return;
      const choices = picked.flatMap((item) => ('choice' in item ? [item.choice] : []));
      source.arrange({ filter: withChoices(source.arrangement.filter, choices) });
    },
    [COMMANDS.searchFailures]: () => search(source),
    [COMMANDS.clearFilter]: () => source.arrange({ filter: PENDING }),
  } satisfies Partial<Record<string, Handler>>;
}

function groupingItem(grouping: (typeof GROUPINGS)[number]): vscode.QuickPickItem {
  switch (grouping) {
    case 'kind':
      return { label: vscode.l10n.t('Kind'), description: vscode.l10n.t('check failures, run failures') };
    case 'location':
      return { label: vscode.l10n.t('OEM and code location') };
    case 'asset':
      return { label: vscode.l10n.t('Asset') };
    case 'issue':
      return {
        label: vscode.l10n.t('Sentry issue'),
        description: vscode.l10n.t('what Sentry puts together, by its message'),
      };
  }
}

type FilterItem = vscode.QuickPickItem &
  ({ readonly choice: FilterChoice } | { readonly kind: vscode.QuickPickItemKind });

function filterItems(places: readonly string[]): readonly FilterItem[] {
  const { l10n } = vscode;
  const all = choicesOf(places);
  const part = (label: string): FilterItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    part(l10n.t('State')),
    { label: l10n.t('Pending'), choice: all.statuses.pending },
    { label: l10n.t('Sent'), choice: all.statuses.sent },
    { label: l10n.t('Dismissed'), choice: all.statuses.dismissed },
    part(l10n.t('Kind')),
    { label: l10n.t('Check failures'), choice: all.kinds.check },
    { label: l10n.t('Run failures'), choice: all.kinds.run },
    part(l10n.t('Severity')),
    { label: 'ERROR', choice: all.severities.ERROR },
    { label: 'WARN', choice: all.severities.WARN },
    part(l10n.t('OEM or code location')),
    ...all.places.map((choice) => ({ label: inert(choice.value), choice })),
    part(l10n.t('Origin')),
    { label: l10n.t('Real'), description: l10n.t('recorded by Dagster'), choice: all.origins.real },
    { label: l10n.t('Test'), description: l10n.t('made with Firedrill'), choice: all.origins.test },
    part(l10n.t('Recorded')),
    { label: l10n.t('Since Firedrill met the instance'), choice: all.times.since },
    { label: l10n.t('Before Firedrill'), choice: all.times.before },
    part(l10n.t('Since then')),
    { label: l10n.t('The check passed since'), choice: all.passed.passed },
    { label: l10n.t('Not passed since'), choice: all.passed.notPassed },
  ];
}

/** A quick pick in which several may be checked; undefined when it was left. */
async function pickMany(
  items: readonly FilterItem[],
  checked: readonly FilterItem[],
): Promise<readonly FilterItem[] | undefined> {
  const picker = vscode.window.createQuickPick<FilterItem>();
  picker.title = vscode.l10n.t('Filter Failures');
  picker.placeholder = vscode.l10n.t('Where nothing is checked in a part, all of it is shown');
  picker.canSelectMany = true;
  picker.matchOnDescription = true;
  picker.items = items;
  picker.selectedItems = checked;
  try {
    return await new Promise((resolve) => {
      picker.onDidAccept(() => resolve(picker.selectedItems));
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

/** The view follows what is typed; Escape takes it back. */
async function search(source: FailureSource): Promise<void> {
  const before = source.arrangement.filter.text;
  const input = vscode.window.createInputBox();
  const look = (text: string): void => {
    const { filter } = source.arrangement;
    if (filter.text !== text.trim()) source.arrange({ filter: { ...filter, text: text.trim() } });
  };
  const throttle = new Throttle(TYPING, () => look(input.value));
  input.title = vscode.l10n.t('Search Failures');
  input.placeholder = vscode.l10n.t('Title, check, asset, partition or run id');
  input.value = before;
  try {
    const found = await new Promise<string>((resolve) => {
      input.onDidChangeValue(() => throttle.request());
      input.onDidAccept(() => resolve(input.value));
      input.onDidHide(() => resolve(before));
      input.show();
    });
    throttle.dispose();
    look(found);
  } finally {
    throttle.dispose();
    input.dispose();
  }
}
