// An inbox in a process of its own: `inboxProcess.ts FOLDER MS`, where MS is what a request may take. Says its address, then, at each line of input, how much
// memory (bytes) it has had at most; ends with its input.
import { createInterface } from 'node:readline';
import { openInbox } from '../../src/delivery/inbox/inbox.ts';

const inbox = await openInbox({
  folder: process.argv[2] ?? '',
  port: 0,
  now: () => Date.now(),
  onFault: (error) => console.error(error),
  times: { headers: 500, request: Number(process.argv[3]) },
});
console.log(JSON.stringify({ dsn: inbox.dsn, port: inbox.port }));
const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  const most = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ most, events: inbox.list(5_000).length }));
});
lines.on('close', () => void inbox.close());
