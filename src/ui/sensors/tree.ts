import * as vscode from 'vscode';
import type { CodeLocationStatus, SensorStatus } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { COMMANDS, VIEWS } from '../ids.ts';
import type { Session } from '../session.ts';
import { treeItem } from '../treeItem.ts';
import { hostedGroup, ownGroup, ownRow, sensorRow, sensorTooltip } from './rows.ts';

export type SensorNode =
  | { readonly kind: 'hosted' }
  | { readonly kind: 'sensor'; readonly sensor: SensorStatus }
  | { readonly kind: 'location'; readonly location: CodeLocationStatus }
  | { readonly kind: 'own'; readonly location: CodeLocationStatus; readonly name: string };

/** The two hosted sensors, and the project's own that may send the same alerts. */
export class SensorsTree implements vscode.TreeDataProvider<SensorNode>, vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<undefined>());
  #shown = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: Session) {
    this.#session = session;
    this.#disposables.add(vscode.window.createTreeView(VIEWS.sensors, { treeDataProvider: this }));
    this.#disposables.add(session.onSituation(() => this.#update()));
    this.#disposables.add(session.onReset(() => this.#changed.fire(undefined)));
  }

  getTreeItem(node: SensorNode): vscode.TreeItem {
    switch (node.kind) {
      case 'hosted':
        return treeItem(hostedGroup(this.#session.overview?.sensors ?? [], vscode.l10n));
      case 'sensor': {
        const show = { title: vscode.l10n.t('Show Sensor Ticks'), command: COMMANDS.showTicks };
        const item = treeItem(sensorRow(node.sensor, this.#following, vscode.l10n), show);
        item.tooltip = sensorTooltip(node.sensor, Date.now(), vscode.l10n);
        return item;
      }
      case 'location':
        return treeItem(ownGroup(node.location, vscode.l10n));
      case 'own':
        return treeItem(ownRow(node.location, node.name, vscode.l10n));
    }
  }

  getChildren(node?: SensorNode): SensorNode[] {
    const overview = this.#session.overview;
    if (!overview) return [];
    switch (node?.kind) {
      case undefined: {
        const own = overview.codeLocations.filter((location) => location.ownSensors.length > 0);
        return [{ kind: 'hosted' }, ...own.map((location): SensorNode => ({ kind: 'location', location }))];
      }
      case 'hosted':
        return overview.sensors.map((sensor) => ({ kind: 'sensor', sensor }));
      case 'location':
        return node.location.ownSensors.map((name) => ({ kind: 'own', location: node.location, name }));
      case 'sensor':
      case 'own':
        return [];
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  get #following(): boolean {
    return this.#session.overview?.instance.state === 'following';
  }

  /** Draws again only when a row would read otherwise: an idle tick changes a clock time, nothing else. */
  #update(): void {
    const overview = this.#session.overview;
    const shown = JSON.stringify([
      overview?.sensors.map((sensor) => sensorRow(sensor, this.#following, vscode.l10n)),
      overview?.codeLocations,
    ]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changed.fire(undefined);
  }
}
