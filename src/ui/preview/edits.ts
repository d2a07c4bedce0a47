import type { FailureId, TargetChoice, TestFields } from '../../engine/api.ts';
import { Latest } from './latest.ts';

/** What was typed, and where: another failure may be shown when its turn comes. */
export interface Edit {
  readonly id: FailureId;
  readonly target: TargetChoice;
  readonly fields: TestFields;
}

/** What is typed into the forms of test failures, on its way to what is shown and sent. */
export class Edits {
  readonly #latest: Latest<Edit>;
  /** Something in their forms cannot be read. */
  readonly #unread = new Set<FailureId>();
  /** Why what was typed last was not taken. */
  readonly #refused = new Map<FailureId, string>();

  readonly #unreadWords: () => string;

  /** `take` answers why it did not, else null; `unreadWords`: why what cannot be read is not sent. */
  constructor(take: (edit: Edit) => Promise<string | null>, unreadWords: () => string) {
    this.#unreadWords = unreadWords;
    this.#latest = new Latest(async (edit) => {
      const why = await take(edit);
      if (why === null) this.#refused.delete(edit.id);
      else this.#refused.set(edit.id, why);
    });
  }

  /** Of what comes while one change is on its way the last counts. */
  async do(edit: Edit): Promise<void> {
    await this.#latest.do(edit);
  }

  setUnread(id: FailureId, unread: boolean): void {
    if (unread) this.#unread.add(id);
    else this.#unread.delete(id);
  }

  /** The forms are gone, with all that stood in them. */
  forget(): void {
    this.#unread.clear();
    this.#refused.clear();
  }

  /** Resolves once all that was typed of these failures is in them; rejects with an Error for the user where it is not. */
  async allTaken(ids: readonly FailureId[]): Promise<void> {
    this.#refused.clear(); // of what came before the page told
    await this.#latest.settled();
    const why = ids.map((id) => this.#refused.get(id)).find((each) => each !== undefined);
    if (why !== undefined) throw new Error(why);
    if (ids.some((id) => this.#unread.has(id))) throw new Error(this.#unreadWords());
  }
}
