import type { CodeLocationStatus } from './api.ts';
import { Dsns, type DsnsPorts } from './dsns.ts';
import { projectFolders } from './projectFolders.ts';
import type { WebserverFacts } from './webserverFacts.ts';

export interface CodeLocationsPorts extends Pick<DsnsPorts, 'places' | 'isApproved'> {
  readonly webserver: WebserverFacts;
  workspaceFolders(): readonly string[];
}

/** The code locations that are known, with the DSN of each. */
export class CodeLocations {
  readonly dsns: Dsns;
  readonly #ports: CodeLocationsPorts;
  readonly #seen = new Set<string | null>();
  #status: readonly CodeLocationStatus[] = [];

  constructor(ports: CodeLocationsPorts) {
    this.#ports = ports;
    this.dsns = new Dsns({ ...ports, knownLocations: () => this.known() });
  }

  /** A failure of this code location was listed. */
  saw(codeLocation: string | null): void {
    this.#seen.add(codeLocation);
  }

  /**
   * Those of the webserver, those of the failures listed, and the folders of `projects/` in the workspace; null stands
   * for the workspace itself.
   */
  async known(): Promise<readonly (string | null)[]> {
    const folders = await projectFolders(this.#ports.workspaceFolders());
    return [...new Set([...this.#ports.webserver.codeLocations(), ...this.#seen, ...folders, null])];
  }

  /** What was learnt last. */
  status(): readonly CodeLocationStatus[] {
    return this.#status;
  }

  async learn(): Promise<void> {
    const names = (await this.known()).filter((name) => name !== null);
    this.#status = await Promise.all(
      names.map(async (name) => {
        const ownSensors = this.#ports.webserver.ownSensors(name);
        return { name, dsn: await this.dsns.status(name), ownSensors };
      }),
    );
  }
}
