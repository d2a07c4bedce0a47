import assert from 'node:assert/strict';
import { failureId } from '../../src/failure/ids.ts';
import type { TestFields } from '../../src/failure/testFields.ts';
import { Edits } from '../../src/ui/preview/edits.ts';

describe('what is typed into the form of a test failure', () => {
  const [id, other] = [failureId('test-1'), failureId('test-2')];
  const fields: TestFields = { kind: 'check', severity: 'WARN', partition: null, metadata: [], tags: {} };
  const edit = { id, target: 'default', fields } as const;
  const started = () => {
    let refused: string | null = null;
    const taken: TestFields[] = [];
    const edits = new Edits(
      async (each) => {
        await Promise.resolve();
        if (refused === null) taken.push(each.fields);
        return refused;
      },
      () => 'It cannot be read.',
    );
    return { edits, taken, refuse: (why: string | null) => (refused = why) };
  };

  it('is in the failure before that is sent', async () => {
    const { edits, taken } = started();
    void edits.do(edit);
    await edits.allTaken([id]);
    assert.deepEqual(taken, [fields]);
  });

  it('holds the failure back while it cannot be read, and no other one', async () => {
    const { edits } = started();
    edits.setUnread(id, true);
    await assert.rejects(edits.allTaken([other, id]), { message: 'It cannot be read.' });
    await edits.allTaken([other]);
    edits.setUnread(id, false);
    await edits.allTaken([id]);
    edits.setUnread(id, true);
    edits.forget();
    await edits.allTaken([id]);
  });

  it('holds the failure back where it is refused on the way, with the words of that', async () => {
    const { edits, refuse } = started();
    refuse('It was sent already.');
    void edits.do(edit);
    await assert.rejects(edits.allTaken([id]), { message: 'It was sent already.' });
    await edits.allTaken([id]); // it was told
    void edits.do(edit);
    await edits.allTaken([other]);
  });
});
