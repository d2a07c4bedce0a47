import { PostgresForTests } from '../postgres/server.ts';
import { dagsterDatabase } from '../postgres/written.ts';
import { postgresEventLog } from './postgresEventLog.ts';
import { postgresFaults } from './postgresFaults.ts';

// One server and one making of Dagster's tables for both: they take longer than most of the tests.
describe('Postgres storage', function () {
  this.timeout(60_000);
  let server: PostgresForTests;
  let database: string;
  before(async () => {
    server = await PostgresForTests.start();
    database = await dagsterDatabase(server);
  });
  after(() => server?.stop());

  const running = () => ({ server, database });
  postgresEventLog(running);
  postgresFaults(running); // last: they change the server's settings
});
