import assert from 'node:assert/strict';
import { type Inbox, openInbox } from '../../../src/delivery/inbox/inbox.ts';
import { START, tempFolder } from '../../store/samples.ts';

describe('inboxes of two windows', () => {
  const folder = tempFolder();
  let mine: Inbox;
  let theirs: Inbox;

  before(async () => {
    mine = await openInbox({ folder: folder.path, port: 0, now: () => START });
    theirs = await openInbox({ folder: folder.path, port: 0, now: () => START });
  });
  after(async () => {
    await mine.close();
    await theirs.close();
    folder.remove();
  });

  const send = async (inbox: Inbox, message: string): Promise<void> => {
    const { username, origin, pathname } = new URL(inbox.dsn);
    const url = `${origin}/api${pathname}/store/?sentry_key=${username}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ message }) });
    assert.equal(answer.status, 200, await answer.text());
  };
  const titles = (inbox: Inbox) => inbox.ofOthers()?.received.map(({ title }) => title);

  it('tell each other what they received, and neither tells its own twice', async () => {
    assert.notEqual(mine.port, theirs.port);
    assert.equal(mine.ofOthers(), null);
    await send(mine, 'mine 1');
    assert.equal(mine.ofOthers(), null);
    assert.deepEqual(titles(theirs), ['mine 1']);
    await send(theirs, 'theirs 1');
    await send(mine, 'mine 2');
    await send(theirs, 'theirs 2');
    assert.deepEqual(titles(mine), ['theirs 2', 'theirs 1']);
    assert.deepEqual(titles(theirs), ['mine 2']);
    assert.equal(mine.ofOthers(), null);
  });

  it('tell that the other one was cleared', async () => {
    theirs.clear();
    assert.deepEqual(mine.ofOthers(), { received: [], cleared: true });
    assert.equal(theirs.ofOthers(), null);
    await send(theirs, 'theirs 3');
    assert.deepEqual(titles(mine), ['theirs 3']);
  });
});
