import * as vscode from 'vscode';
import { COMMANDS } from '../ids.ts';
import { treeItem } from '../treeItem.ts';
import { ownEntries } from './own.ts';
import { hostedGroup, ownGroup, ownRow, sensorRow } from './rows.ts';
import type { SensorNode, SensorsShown } from './tree.ts';

/** What stands below a node, or at the top. */
export function childrenOf(node: SensorNode | undefined, { hosted, told, own }: SensorsShown): SensorNode[] {
  switch (node?.kind) {
    case undefined:
      return [
        { kind: 'hosted' },
        ...[...ownEntries(told, own)].map(
          ([location, entries]): SensorNode => ({ kind: 'location', location, entries }),
        ),
      ];
    case 'hosted':
      return hosted.map((sensor) => ({ kind: 'sensor', sensor }));
    case 'location':
      return node.entries.map((entry) => ({ kind: 'own', location: node.location, entry }));
    case 'sensor':
    case 'own':
      return [];
  }
}

/** A row as VS Code draws it. `now` in ms since 1970. */
export function itemOf(node: SensorNode, { hosted, reading }: SensorsShown, now: number): vscode.TreeItem {
  const show = (lane: string): vscode.Command => ({
    title: vscode.l10n.t('Show Sensor Ticks'),
    command: COMMANDS.showTicks,
    arguments: [lane],
  });
  switch (node.kind) {
    case 'hosted':
      return treeItem(hostedGroup(hosted, reading, vscode.l10n));
    case 'sensor':
      return treeItem(sensorRow(node.sensor, reading, vscode.l10n), show(node.sensor.name));
    case 'location':
      return treeItem(ownGroup(node.location, node.entries, reading, now, vscode.l10n));
    case 'own': {
      const { location, entry } = node;
      const lane = entry.sensor?.id;
      return treeItem(ownRow(location, entry, reading, now, vscode.l10n), lane === undefined ? undefined : show(lane));
    }
  }
}

/** All that the rows say: equal while none of them would read otherwise. */
export function textOf(shown: SensorsShown, now: number): string {
  const texts = (node?: SensorNode): unknown[] =>
    childrenOf(node, shown).map((child) => [itemOf(child, shown, now), texts(child)]);
  return JSON.stringify(texts());
}
