import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { parseDocument } from 'yaml';
import { messageOf } from '../failure/messageOf.ts';
import type { InstanceStorage } from './instance.ts';
import { StorageSections, storageOf } from './storageSections.ts';
import { CONFIG_FILE, type ConfigContext, ConfigProblem } from './storageSources.ts';

/** What an instance's dagster.yaml says, as far as Firedrill needs it. */
export type InstanceConfig =
  | { readonly kind: 'usable'; readonly storage: InstanceStorage; readonly runRetries: boolean }
  /** `message` says what the storage is, and what to do. */
  | { readonly kind: 'unusable'; readonly message: string };

const Yaml = v.looseObject({
  ...StorageSections.entries,
  run_retries: v.optional(v.nullable(v.looseObject({ enabled: v.optional(v.unknown()) }))),
});

/**
 * Reads `dagster.yaml` of a home; a missing or empty one means the defaults. Honoured: `storage` with `sqlite`,
 * `postgres` or `custom`, the older sections `event_log_storage`, `run_storage` and `schedule_storage`,
 * `run_retries.enabled`, and `{env: NAME}`. A message never repeats what the file says: it may hold a password.
 */
export function instanceConfig(home: string, context: ConfigContext): InstanceConfig {
  try {
    const config = parsed(path.join(home, CONFIG_FILE));
    return {
      kind: 'usable',
      storage: storageOf(home, config, context),
      runRetries: config.run_retries?.enabled === true,
    };
  } catch (error) {
    if (error instanceof ConfigProblem) return { kind: 'unusable', message: error.message };
    throw error;
  }
}

/** @throws ConfigProblem */
function parsed(file: string): v.InferOutput<typeof Yaml> {
  const yaml = readYaml(file);
  // A list is an object for valibot.
  const found = v.safeParse(Yaml, Array.isArray(yaml) ? 'a list' : (yaml ?? {}), { abortEarly: true });
  if (found.success) return found.output;
  const [issue] = found.issues;
  const field = v.getDotPath(issue) ?? l10n.t('its top');
  throw new ConfigProblem(
    l10n.t('{0} is not as Dagster expects it, at {1}: {2} is expected.', file, field, issue.expected),
  );
}

/** @throws ConfigProblem */
function readYaml(file: string): unknown {
  if (!existsSync(file)) return null;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigProblem(l10n.t('{0} cannot be read: {1}', file, messageOf(error)));
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) {
    const at = error.linePos?.[0];
    throw new ConfigProblem(
      at
        ? l10n.t('{0} is no YAML that can be read: line {1}, column {2} ({3}).', file, at.line, at.col, error.code)
        : l10n.t('{0} is no YAML that can be read ({1}).', file, error.code),
    );
  }
  try {
    return document.toJS();
  } catch {
    // The parser's words would repeat a piece of the file.
    throw new ConfigProblem(
      l10n.t('{0} is no YAML that can be read: it refers to an anchor that it does not have.', file),
    );
  }
}
