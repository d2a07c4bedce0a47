import { Webserver, type WebserverWorkspace } from '../dagster/webserver.ts';
import type { DagsterThing } from './api.ts';

const NOTHING: WebserverWorkspace = { codeLocations: [], sensors: [] };

/** What the webserver of the followed instance told last; empty while none answers. */
export class WebserverFacts {
  #webserver: Webserver | null = null;
  #workspace = NOTHING;
  /** Whether it did when it was last asked: else its pages are none to open. */
  #answers = false;

  /**
   * Asks the webserver at this address (null: there is none) for its code locations and sensors. What an earlier
   * answer told is kept when this one fails: a webserver that restarts changes no DSN.
   * @param workspaceFolders where a location's relative working directory is looked for.
   */
  async learn(url: string | null, workspaceFolders: readonly string[]): Promise<void> {
    if (url === null) {
      this.#answers = false;
      return;
    }
    if (this.#webserver?.url !== new Webserver(url).url) {
      this.#webserver = new Webserver(url);
      this.#workspace = NOTHING;
    }
    const answer = await this.#webserver.workspace(workspaceFolders);
    this.#answers = answer.outcome === 'answered';
    if (answer.outcome === 'answered') this.#workspace = answer.value;
  }

  forget(): void {
    this.#answers = false;
    this.#webserver = null;
    this.#workspace = NOTHING;
  }

  codeLocations(): string[] {
    return this.#workspace.codeLocations.map(({ name }) => name);
  }

  workingDirectory(codeLocation: string): string | null {
    return this.#workspace.codeLocations.find(({ name }) => name === codeLocation)?.workingDirectory ?? null;
  }

  /** Names of the location's own sensors that run and may send alerts for failures themselves. */
  ownSensors(codeLocation: string): string[] {
    return this.#workspace.sensors
      .filter((sensor) => sensor.codeLocation === codeLocation && sensor.running)
      .map(({ name }) => name);
  }

  async codeLocationOf(assetKey: readonly string[]): Promise<string | null> {
    return (await this.#webserver?.codeLocationOf(assetKey)) ?? null;
  }

  /** Whether one answers: pages of runs and assets can be opened. */
  get answers(): boolean {
    return this.#answering !== null;
  }

  /** The page of a run or asset; null while no webserver answers. */
  urlOf(what: DagsterThing): string | null {
    switch (what.kind) {
      case 'run':
        return this.#answering?.runUrl(what.id) ?? null;
      case 'asset':
        return this.#answering?.assetUrl(what.key) ?? null;
    }
  }

  get #answering(): Webserver | null {
    return this.#answers ? this.#webserver : null;
  }
}
