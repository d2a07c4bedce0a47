import * as vscode from 'vscode';
import type { OwnSensor, SensorStatus } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { COMMANDS, VIEWS } from '../ids.ts';
import { OwnWatch } from '../ownWatch.ts';
import { wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import { treeItem } from '../treeItem.ts';
import { hostedGroup, type OwnEntry, ownEntries, ownGroup, ownRow, sensorRow } from './rows.ts';

export type SensorNode =
  | { readonly kind: 'hosted' }
  | { readonly kind: 'sensor'; readonly sensor: SensorStatus }
  | { readonly kind: 'location'; readonly location: string; readonly entries: readonly OwnEntry[] }
  | { readonly kind: 'own'; readonly location: string; readonly entry: OwnEntry };

/** The two hosted sensors, and the project's own, of which some may send the same alerts. */
export class SensorsTree implements vscode.TreeDataProvider<SensorNode>, vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<undefined>());
  readonly #own: OwnWatch;
  #ownSensors: readonly OwnSensor[] = [];
  #shown = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: Session, log: vscode.LogOutputChannel) {
    this.#session = session;
    const view = this.#disposables.add(vscode.window.createTreeView(VIEWS.sensors, { treeDataProvider: this }));
    this.#own = this.#disposables.add(
      new OwnWatch(
        session,
        ({ sensors }) => {
          this.#ownSensors = sensors;
          this.#update();
        },
        (error) => log.warn(`The project's own sensors were not read: ${wordsOf(error)}`),
      ),
    );
    this.#disposables.add(view.onDidChangeVisibility(({ visible }) => this.#own.watch(visible)));
    this.#own.watch(view.visible);
    this.#disposables.add(session.onSituation(() => this.#update()));
    this.#disposables.add(session.onReset(() => this.#reset()));
  }

  getTreeItem(node: SensorNode): vscode.TreeItem {
    const show = (lane: string): vscode.Command => ({
      title: vscode.l10n.t('Show Sensor Ticks'),
      command: COMMANDS.showTicks,
      arguments: [lane],
    });
    switch (node.kind) {
      case 'hosted':
        return treeItem(hostedGroup(this.#session.overview?.sensors ?? [], vscode.l10n));
      case 'sensor':
        return treeItem(sensorRow(node.sensor, this.#following, vscode.l10n), show(node.sensor.name));
      case 'location':
        return treeItem(ownGroup(node.location, node.entries, vscode.l10n));
      case 'own': {
        const { location, entry } = node;
        return treeItem(
          ownRow(location, entry, vscode.l10n),
          entry.sensor === null ? undefined : show(entry.sensor.id),
        );
      }
    }
  }

  getChildren(node?: SensorNode): SensorNode[] {
    const overview = this.#session.overview;
    if (!overview) return [];
    switch (node?.kind) {
      case undefined: {
        const own = ownEntries(overview.codeLocations, this.#ownSensors);
        return [
          { kind: 'hosted' },
          ...[...own].map(([location, entries]): SensorNode => ({ kind: 'location', location, entries })),
        ];
      }
      case 'hosted':
        return overview.sensors.map((sensor) => ({ kind: 'sensor', sensor }));
      case 'location':
        return node.entries.map((entry) => ({ kind: 'own', location: node.location, entry }));
      case 'sensor':
      case 'own':
        return [];
    }
  }

  /** The tooltip, loaded and made when the pointer rests. */
  async resolveTreeItem(item: vscode.TreeItem, node: SensorNode): Promise<vscode.TreeItem> {
    const sensor = node.kind === 'sensor' ? node.sensor : node.kind === 'own' ? node.entry.sensor : null;
    if (sensor === null) return item;
    const { sensorTooltip } = await import('./tooltip.ts');
    item.tooltip = sensorTooltip(sensor, Date.now(), vscode.l10n);
    return item;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  get #following(): boolean {
    return this.#session.overview?.instance.state === 'following';
  }

  #reset(): void {
    this.#ownSensors = [];
    this.#own.shown(null);
    this.#changed.fire(undefined);
  }

  /** Draws again only when a row would read otherwise: an idle tick changes a clock time, nothing else. */
  #update(): void {
    const overview = this.#session.overview;
    const own = ownEntries(overview?.codeLocations ?? [], this.#ownSensors);
    const shown = JSON.stringify([
      overview?.sensors.map((sensor) => sensorRow(sensor, this.#following, vscode.l10n)),
      [...own].flatMap(([location, entries]) => entries.map((entry) => ownRow(location, entry, vscode.l10n))),
    ]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changed.fire(undefined);
  }
}
