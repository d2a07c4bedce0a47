import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { CONFIG_FILE, type ConfigContext, ConfigProblem, Source, textOf } from '../storageSources.ts';
import { DEFAULT_PORT, knownParameters, PostgresServer, serverOfUrl } from './server.ts';

/** The configuration of Dagster's Postgres storages (dagster._core.storage.config.pg_config). */
export const PostgresConfig = v.looseObject({
  postgres_url: v.optional(Source),
  postgres_db: v.optional(
    v.looseObject({
      username: Source,
      password: v.optional(Source),
      hostname: Source,
      db_name: Source,
      port: v.optional(v.union([v.number(), Source])),
      params: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
  auth_provider: v.optional(v.unknown()),
});
type PostgresConfig = v.InferOutput<typeof PostgresConfig>;

/**
 * The server that a configuration names.
 * @param section where it stands in dagster.yaml, for messages.
 * @throws ConfigProblem
 */
export function postgresServer(
  config: PostgresConfig,
  section: string,
  home: string,
  context: ConfigContext,
): PostgresServer {
  const file = path.join(home, CONFIG_FILE);
  const { postgres_url: url, postgres_db: db } = config;
  if (config.auth_provider != null) {
    throw new ConfigProblem(
      l10n.t('{0} has an auth_provider in {1}. Firedrill signs in to Postgres with a password only.', file, section),
    );
  }
  if (url !== undefined) {
    const server = serverOfUrl(textOf(url, `${section}.postgres_url`, home, context));
    if (server) return server;
    throw new ConfigProblem(
      l10n.t(
        '{0}.postgres_url in {1} is no URL of a Postgres database. It looks like postgresql://user:password@host:5432/database, with special characters of the password percent-encoded.',
        section,
        file,
      ),
    );
  }
  if (db === undefined)
    throw new ConfigProblem(l10n.t('{0} has neither postgres_url nor postgres_db in {1}.', file, section));
  const text = (name: 'username' | 'password' | 'hostname' | 'db_name') =>
    textOf(db[name] ?? '', `${section}.postgres_db.${name}`, home, context);
  const { port = DEFAULT_PORT } = db;
  return new PostgresServer({
    user: text('username'),
    password: text('password'),
    host: text('hostname'),
    port: typeof port === 'number' ? String(port) : textOf(port, `${section}.postgres_db.port`, home, context),
    database: text('db_name'),
    params: knownParameters(db.params ?? {}),
  });
}
