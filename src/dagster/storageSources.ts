import { existsSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';

/** What else than the file itself decides what a dagster.yaml means. */
export interface ConfigContext {
  /** The variables that `{env: NAME}` names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a relative folder is looked for: Dagster takes it from wherever it was started. */
  readonly folders: readonly string[];
  /** The user's home, for `~`. */
  readonly userHome: string;
}

export const CONFIG_FILE = 'dagster.yaml';

/** Text, or `{env: NAME}`: Dagster's StringSource. */
export const Source = v.union([v.string(), v.object({ env: v.string() })]);
export type Source = v.InferOutput<typeof Source>;

/** Why a dagster.yaml cannot be used: a sentence for people, which holds none of its values. */
export class ConfigProblem extends Error {}

/**
 * The text of a setting of the home's dagster.yaml.
 * @throws ConfigProblem when it names a variable that is not set.
 */
export function textOf(source: Source, setting: string, home: string, context: ConfigContext): string {
  if (typeof source === 'string') return source;
  const text = context.env[source.env];
  if (text !== undefined) return text;
  throw new ConfigProblem(
    l10n.t(
      "{0} takes {1} from the environment variable {2}, which is not set here. Add it to the workspace's .env.",
      path.join(home, CONFIG_FILE),
      setting,
      source.env,
    ),
  );
}

/**
 * Dagster takes a folder literally: a relative one from where it was started, `~` not expanded. The first place that
 * holds `marker` is it; where none does, the first place.
 * @throws ConfigProblem
 */
export function folderOf(
  source: Source,
  setting: string,
  marker: string,
  home: string,
  context: ConfigContext,
): string {
  const text = textOf(source, setting, home, context);
  if (!text) throw new ConfigProblem(l10n.t('{0} has an empty {1}.', path.join(home, CONFIG_FILE), setting));
  const places = path.isAbsolute(text) ? [text] : [...context.folders, home].map((folder) => path.join(folder, text));
  if (text.startsWith('~')) places.push(expandHome(text, context.userHome));
  const [first = text] = places;
  return places.find((place) => existsSync(path.join(place, marker))) ?? first;
}

/** `~` and `~/…` with the user's home. */
export const expandHome = (text: string, userHome: string): string =>
  text === '~' || /^~[/\\]/.test(text) ? path.join(userHome, text.slice(1)) : text;
