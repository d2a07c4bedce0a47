import * as l10n from '@vscode/l10n';
/**
 * Where a Postgres database is and how it is reached. Passed on and printed like any other value, as its password is in
 * no property: only `connectionString` gives it away.
 */
export class PostgresServer {
  /** For people, without user and password: `database dagster at db.example.com:5432`. */
  readonly label: string;
  readonly #parts: ConnectionParts;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const host = parts.params.host ?? parts.host;
    this.label = l10n.t(
      'database {0} at {1}:{2}',
      parts.database || parts.user,
      host || 'localhost',
      parts.params.port ?? parts.port,
    );
  }

  /** What the server's certificate must prove, in libpq's words; its default where nothing is said. */
  get sslmode(): string {
    return this.#parts.params.sslmode ?? 'prefer';
  }

  /** For `pg`, with the password: never to be shown, logged or stored. */
  connectionString(sslmode: string): string {
    const { user, password, host, port, database, params } = this.#parts;
    const part = encodeURIComponent;
    const where = host.includes(':') ? `[${host}]` : part(host);
    // With libpq's own meaning of `sslmode`: psycopg2 is libpq.
    const query = new URLSearchParams({ ...params, sslmode, uselibpqcompat: 'true' });
    return `postgresql://${part(user)}:${part(password)}@${where}:${part(port)}/${part(database)}?${query}`;
  }

  isSameAs(other: PostgresServer): boolean {
    return this.connectionString('') === other.connectionString('');
  }
}

export interface ConnectionParts {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly database: string;
  /** Of libpq's parameters those that pg knows under the same name. */
  readonly params: Readonly<Partial<Record<LibpqParameter, string>>>;
}

const PARAMETERS = ['host', 'port', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'options'] as const;
type LibpqParameter = (typeof PARAMETERS)[number];

export const DEFAULT_PORT = '5432';

/** As SQLAlchemy reads a URL (sqlalchemy.engine.url): in a password only `@` and `%` must be escaped. */
const URL_FORM =
  /^postgres(?:ql)?(?:\+\w+)?:\/\/(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?(?:\[(?<ipv6>[^/?\]]+)\]|(?<host>[^/:?@]*))(?::(?<port>\d*))?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/s;

/** A `postgres_url` of dagster.yaml, with or without a driver (`postgresql+psycopg2`); null where it is none. */
export function serverOfUrl(text: string): PostgresServer | null {
  const parts = URL_FORM.exec(text.trim())?.groups;
  if (!parts) return null;
  try {
    return new PostgresServer({
      user: decodeURIComponent(parts.user ?? ''),
      password: decodeURIComponent(parts.password ?? ''),
      host: parts.ipv6 ?? parts.host ?? '',
      port: parts.port || DEFAULT_PORT,
      database: parts.database ?? '',
      params: knownParameters(Object.fromEntries(new URLSearchParams(parts.query ?? ''))),
    });
  } catch {
    return null; // a % that escapes nothing
  }
}

/** Those that are passed on; what else libpq knows does not change what is read. */
export function knownParameters(all: Readonly<Record<string, unknown>>): ConnectionParts['params'] {
  const known = PARAMETERS.flatMap((name) => {
    const value = all[name];
    return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
  });
  return Object.fromEntries(known);
}
