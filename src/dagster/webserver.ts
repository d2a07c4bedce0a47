import { existsSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import { type Answer, askGraphql, baseUrl } from './graphql.ts';

export interface CodeLocation {
  readonly name: string;
  /** Absolute, and there; null where the webserver does not tell it or it cannot be found from here. */
  readonly workingDirectory: string | null;
}

export interface InstanceSensor {
  readonly name: string;
  readonly codeLocation: string;
  readonly running: boolean;
}

export interface WebserverWorkspace {
  readonly codeLocations: readonly CodeLocation[];
  readonly sensors: readonly InstanceSensor[];
}

/** What `instance { info }` tells about where the instance keeps its data. */
export interface WebserverStorage {
  /** Dagster's version, e.g. `1.13.27`. */
  readonly version: string;
  /** `local_artifact_storage.config.base_dir`: the home, unless dagster.yaml moved that storage; null if not told. */
  readonly home: string | null;
}

export interface WebserverOptions {
  /** ms that one call may take. */
  readonly timeout?: number;
  /** ms since 1970. */
  readonly now?: () => number;
}

/** ms for which it is remembered which location defines an asset; shorter where none was found. */
const REMEMBER = 60_000;
const REMEMBER_NONE = 5_000;
/** ms that a tick waits to be told which location defines an asset. */
const PATIENCE = 500;
/** ms for which a webserver that did not tell in time is not asked again: a tick must not wait for each asset. */
const NOT_ASKED = 10_000;

/**
 * A Dagster webserver (1.8 and later), asked over GraphQL. Every call ends within its timeout, can be cancelled, and
 * answers with a typed outcome instead of throwing: port 3000 may be anything.
 */
export class Webserver {
  readonly url: string;
  readonly #timeout: number;
  readonly #now: () => number;
  readonly #locations = new Map<string, { readonly location: string | null; readonly until: number }>();
  /** Until when it is not asked which location defines an asset. */
  #notAskedUntil = 0;

  constructor(url: string, options: WebserverOptions = {}) {
    this.url = baseUrl(url);
    this.#timeout = options.timeout ?? 2_000;
    this.#now = options.now ?? Date.now;
  }

  /** Its version and where its instance stores what. */
  async storage(signal?: AbortSignal): Promise<Answer<WebserverStorage>> {
    const answer = await this.#ask('query { version instance { info } }', {}, Storage, { signal });
    if (answer.outcome !== 'answered') return answer;
    const { version, instance } = answer.value;
    return { outcome: 'answered', value: { version, home: homeIn(instance.info) } };
  }

  /**
   * Its code locations and their sensors; a location that could not be loaded has none.
   * @param folders where a relative working directory is looked for: the webserver's own folder is not told.
   */
  async workspace(folders: readonly string[]): Promise<Answer<WebserverWorkspace>> {
    const answer = await this.#ask(WORKSPACE_QUERY, {}, Workspace);
    if (answer.outcome !== 'answered') return answer;
    const workspace = answer.value.workspaceOrError;
    if (workspace.__typename !== 'Workspace') {
      return {
        outcome: 'failed',
        message: l10n.t('The Dagster webserver at {0} says: {1}', this.url, workspace.message ?? workspace.__typename),
      };
    }
    const codeLocations = workspace.locationEntries.map(({ name, displayMetadata }) => ({
      name,
      workingDirectory: workingDirectory(displayMetadata, folders),
    }));
    const sensors = workspace.locationEntries.flatMap(({ name, locationOrLoadError: loaded }) =>
      (loaded?.repositories ?? []).flatMap((repository) =>
        repository.sensors.map((sensor) => ({
          name: sensor.name,
          codeLocation: name,
          running: sensor.sensorState.status === 'RUNNING',
        })),
      ),
    );
    return { outcome: 'answered', value: { codeLocations, sensors } };
  }

  /**
   * The code location that defines the asset: for evaluations that were reported without a run. Remembered for a
   * minute; null where no location defines it, or where the webserver cannot tell now, within half a second. Never
   * rejects.
   */
  async codeLocationOf(assetKey: readonly string[]): Promise<string | null> {
    const key = JSON.stringify(assetKey);
    const known = this.#locations.get(key);
    if (known && this.#now() < known.until) return known.location;
    if (this.#now() < this.#notAskedUntil) return null;
    const answer = await this.#ask(ASSET_QUERY, { path: assetKey }, Asset, { patience: PATIENCE });
    if (answer.outcome === 'timeout') {
      this.#notAskedUntil = this.#now() + NOT_ASKED;
      return null;
    }
    const asset = answer.outcome === 'answered' ? answer.value.assetNodeOrError : null;
    const location = asset?.repository?.location.name ?? null;
    const until = this.#now() + (location === null ? REMEMBER_NONE : REMEMBER);
    this.#locations.set(key, { location, until });
    return location;
  }

  runUrl(runId: string): string {
    return `${this.url}/runs/${encodeURIComponent(runId)}`;
  }

  assetUrl(assetKey: readonly string[]): string {
    return `${this.url}/assets/${assetKey.map(encodeURIComponent).join('/')}`;
  }

  #ask<const S extends v.GenericSchema>(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    schema: S,
    {
      signal,
      patience = this.#timeout,
    }: { readonly signal?: AbortSignal | undefined; readonly patience?: number } = {},
  ): Promise<Answer<v.InferOutput<S>>> {
    return askGraphql(this.url, query, variables, schema, { signal, timeout: Math.min(patience, this.#timeout) });
  }
}

const Storage = v.object({ version: v.string(), instance: v.object({ info: v.nullable(v.string()) }) });

const WORKSPACE_QUERY = `query {
  workspaceOrError {
    __typename
    ... on Workspace {
      locationEntries {
        name
        displayMetadata { key value }
        locationOrLoadError {
          __typename
          ... on RepositoryLocation { repositories { sensors { name sensorState { status } } } }
        }
      }
    }
    ... on PythonError { message }
  }
}`;

const Sensor = v.object({ name: v.string(), sensorState: v.object({ status: v.string() }) });
const LocationEntry = v.object({
  name: v.string(),
  displayMetadata: v.array(v.object({ key: v.string(), value: v.string() })),
  locationOrLoadError: v.nullable(
    v.object({ repositories: v.optional(v.array(v.object({ sensors: v.array(Sensor) }))) }),
  ),
});
const Workspace = v.object({
  workspaceOrError: v.variant('__typename', [
    v.object({ __typename: v.literal('Workspace'), locationEntries: v.array(LocationEntry) }),
    v.object({ __typename: v.picklist(['PythonError']), message: v.optional(v.string()) }),
  ]),
});

const ASSET_QUERY = `query ($path: [String!]!) {
  assetNodeOrError(assetKey: { path: $path }) { __typename ... on AssetNode { repository { location { name } } } }
}`;
const Asset = v.object({
  assetNodeOrError: v.object({
    repository: v.optional(v.object({ location: v.object({ name: v.string() }) })),
  }),
});

const Info = v.object({ local_artifact_storage: v.object({ config: v.object({ base_dir: v.string() }) }) });

/** `info` is YAML with the storages of the instance. */
function homeIn(info: string | null): string | null {
  let yaml: unknown;
  try {
    yaml = info === null ? null : parseYaml(info);
  } catch {
    yaml = null; // not told in a form that can be read
  }
  const known = v.safeParse(Info, yaml);
  return known.success ? known.output.local_artifact_storage.config.base_dir : null;
}

function workingDirectory(
  metadata: readonly { readonly key: string; readonly value: string }[],
  folders: readonly string[],
): string | null {
  const told = metadata.find(({ key }) => key === 'working_directory')?.value;
  if (!told) return null;
  if (path.isAbsolute(told)) return told;
  return folders.map((folder) => path.join(folder, told)).find((folder) => existsSync(folder)) ?? null;
}
