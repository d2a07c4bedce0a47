import * as vscode from 'vscode';
import type { CodeLocationStatus, OwnSensor, SensorStatus } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { VIEWS } from '../ids.ts';
import { OwnWatch } from '../ownWatch.ts';
import { wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import type { OwnEntry } from './own.ts';
import type { Reading } from './rows.ts';

/** ms between looks whether a daemon stopped to tick, which nothing tells. */
const LOOK_EVERY = 10_000;

export type SensorNode =
  | { readonly kind: 'hosted' }
  | { readonly kind: 'sensor'; readonly sensor: SensorStatus }
  | { readonly kind: 'location'; readonly location: string; readonly entries: readonly OwnEntry[] }
  | { readonly kind: 'own'; readonly location: string; readonly entry: OwnEntry };

/** What the rows are made of. */
export interface SensorsShown {
  readonly reading: Reading;
  readonly hosted: readonly SensorStatus[];
  /** The project's own, by the webserver's word: none while none answers. */
  readonly told: readonly CodeLocationStatus[];
  /** The same by the ticks that Dagster stored. */
  readonly own: readonly OwnSensor[];
}

/** The two hosted sensors, and the project's own, of which some may send the same alerts. */
export class SensorsTree implements vscode.TreeDataProvider<SensorNode>, vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<undefined>());
  readonly #own: OwnWatch;
  #ownSensors: readonly OwnSensor[] = [];
  #timer: NodeJS.Timeout | undefined;
  #text = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: Session, log: vscode.LogOutputChannel) {
    this.#session = session;
    const view = this.#disposables.add(vscode.window.createTreeView(VIEWS.sensors, { treeDataProvider: this }));
    this.#own = this.#disposables.add(
      new OwnWatch(
        session,
        ({ sensors }) => {
          this.#ownSensors = sensors;
          void this.#update();
        },
        (error) => log.warn(`The project's own sensors were not read: ${wordsOf(error)}`),
      ),
    );
    this.#disposables.add(view.onDidChangeVisibility(({ visible }) => this.#watch(visible)));
    this.#watch(view.visible);
    this.#disposables.add(session.onSituation(() => void this.#update()));
    this.#disposables.add(session.onReset(() => this.#reset()));
  }

  /** What draws the rows is loaded when the first one is shown. */
  async getTreeItem(node: SensorNode): Promise<vscode.TreeItem> {
    return (await import('./items.ts')).itemOf(node, this.#shown, Date.now());
  }

  async getChildren(node?: SensorNode): Promise<SensorNode[]> {
    return this.#session.overview ? (await import('./items.ts')).childrenOf(node, this.#shown) : [];
  }

  /** The tooltip, loaded and made when the pointer rests. */
  async resolveTreeItem(item: vscode.TreeItem, node: SensorNode): Promise<vscode.TreeItem> {
    const sensor = node.kind === 'sensor' ? node.sensor : node.kind === 'own' ? node.entry.sensor : null;
    if (sensor === null) return item;
    const { sensorTooltip } = await import('./tooltip.ts');
    item.tooltip = sensorTooltip(sensor, this.#shown.reading, Date.now(), vscode.l10n);
    return item;
  }

  dispose(): void {
    this.#watch(false);
    this.#disposables.dispose();
  }

  get #shown(): SensorsShown {
    const overview = this.#session.overview;
    const instance = overview?.instance;
    const following = instance?.state === 'following';
    const lost = instance?.state === 'lost';
    return {
      reading: following ? 'following' : lost ? 'lost' : 'none',
      hosted: overview?.sensors ?? [],
      told: following && instance.webserverUrl !== null ? (overview?.codeLocations ?? []) : [],
      own: following || lost ? this.#ownSensors : [],
    };
  }

  #watch(on: boolean): void {
    this.#own.watch(on);
    clearInterval(this.#timer);
    if (on) this.#timer = setInterval(() => void this.#update(), LOOK_EVERY);
  }

  #reset(): void {
    this.#ownSensors = [];
    this.#own.shown(null);
    this.#changed.fire(undefined);
  }

  /** Draws again only when a row would read otherwise: an idle tick changes a clock time, nothing else. */
  async #update(): Promise<void> {
    const { textOf } = await import('./items.ts');
    const text = textOf(this.#shown, Date.now());
    if (this.#disposables.closed || text === this.#text) return;
    this.#text = text;
    this.#changed.fire(undefined);
  }
}
