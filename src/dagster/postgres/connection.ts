import { Client, type ClientConfig, Pool, type PoolClient } from 'pg';
import { postgresFault } from './fault.ts';
import type { PostgresServer } from './server.ts';

/** ms. */
export interface Timeouts {
  /** For a connection to be made. */
  readonly connect: number;
  /** For one statement, on the server and with its way there and back. */
  readonly statement: number;
  /** For a lock that somebody else holds. */
  readonly lock: number;
}

export const TIMEOUTS: Timeouts = { connect: 4_000, statement: 10_000, lock: 1_000 };

/** Runs one statement; answers its rows. */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly unknown[]>;

/** One for each sensor: more are never at work. */
const MOST_CONNECTIONS = 2;
/** What pg says when the server has no encryption; libpq's `prefer` then goes without. */
const NO_SSL = /does not support SSL/;

/**
 * Reads a database, in read-only transactions. Nothing is set for a whole session: behind a pooler the same session
 * may be Dagster's next.
 */
export class PostgresConnection {
  readonly server: PostgresServer;
  readonly #timeouts: Timeouts;
  readonly #pool: Pool;

  private constructor(server: PostgresServer, sslmode: string, timeouts: Timeouts) {
    this.server = server;
    this.#timeouts = timeouts;
    this.#pool = new Pool({ ...clientConfig(server, sslmode, timeouts), max: MOST_CONNECTIONS });
    // An idle connection was cut: the next read makes another, or tells why not.
    this.#pool.on('error', () => undefined);
  }

  /** @throws EventLogError when the server cannot be reached or does not let us in. */
  static async open(server: PostgresServer, timeouts: Timeouts = TIMEOUTS): Promise<PostgresConnection> {
    const { sslmode } = server;
    // libpq tries both, in either order; with encryption first nothing goes over the wire in the open without need.
    const isOptional = sslmode === 'prefer' || sslmode === 'allow';
    const connection = new PostgresConnection(server, isOptional ? 'prefer' : sslmode, timeouts);
    try {
      await connection.#try();
      return connection;
    } catch (error) {
      connection.close();
      if (!isOptional || !NO_SSL.test(error instanceof Error ? error.message : '')) throw postgresFault(error, server);
    }
    const plain = new PostgresConnection(server, 'disable', timeouts);
    try {
      await plain.#try();
      return plain;
    } catch (error) {
      plain.close();
      throw postgresFault(error, server);
    }
  }

  /**
   * Runs `use` in a transaction that sees one state of the database and can change nothing.
   * @throws EventLogError
   */
  async read<T>(use: (query: Query) => Promise<T>): Promise<T> {
    const { statement, lock } = this.#timeouts;
    let client: PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      const connected = client;
      await connected.query(
        `begin transaction isolation level repeatable read, read only;
         set local statement_timeout = ${statement}; set local lock_timeout = ${lock}`,
      );
      const result = await use(async (sql, values = []) => (await connected.query(sql, [...values])).rows);
      await connected.query('commit');
      client.release();
      return result;
    } catch (error) {
      client?.release(true); // closed: whatever state it is in, nobody meets it
      throw postgresFault(error, this.server);
    }
  }

  /** A connection of its own, outside the pool, for LISTEN. Not connected yet. */
  newClient(): Client {
    return new Client(this.#pool.options);
  }

  close(): void {
    void this.#pool.end().catch(() => undefined);
  }

  async #try(): Promise<void> {
    const client = await this.#pool.connect();
    client.release();
  }
}

const clientConfig = (server: PostgresServer, sslmode: string, timeouts: Timeouts): ClientConfig => ({
  connectionString: server.connectionString(sslmode),
  application_name: 'firedrill',
  connectionTimeoutMillis: timeouts.connect,
  query_timeout: timeouts.statement + 1_000,
  keepAlive: true,
});
