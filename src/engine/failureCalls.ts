import { randomUUID } from 'node:crypto';
import type { Failure } from '../failure/failure.ts';
import { type FailureId, failureId, runId } from '../failure/ids.ts';
import { testCheckFailure, testRunFailure } from '../failure/testFailure.ts';
import type { StoredFailure } from '../store/stateStore.ts';
import type { EngineApi, FailureGroups, FailurePage, FailureRow, Preview, TargetChoice, TestSubject } from './api.ts';
import { newFailure } from './failureRows.ts';
import type { EngineParts } from './parts.ts';
import { previewOf } from './preview.ts';

/** The calls about failures: listing, previewing, making test failures, dismissing. */
export class FailureCalls {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  list(query: Parameters<EngineApi['failures']>[0]): FailurePage {
    const { rows, total } = this.#parts.book().store.failures.page(query);
    return { rows: rows.map((stored) => this.#parts.row(stored)), total };
  }

  groups(query: Parameters<EngineApi['failureGroups']>[0]): FailureGroups {
    const { failures } = this.#parts.book().store;
    const { groups, hidden } = failures.groups(query, query.limit);
    return {
      groups: groups.map(({ key, total, newest }) => ({ key, total, newest: this.#parts.row(newest) })),
      hidden,
      rows: failures.members(query, query.ids).map(({ key, stored }) => ({ key, row: this.#parts.row(stored) })),
    };
  }

  get(id: FailureId): StoredFailure & { readonly failure: Failure } {
    const stored = this.#parts.book().store.failures.get(id);
    if (stored === null) throw new Error('This failure is no longer in the list. Refresh the view.');
    return stored;
  }

  async preview(id: FailureId, choice: TargetChoice): Promise<Preview> {
    const stored = this.get(id);
    const resolved = await this.#parts.targets.resolve(stored.failure.codeLocation, choice, 'preview');
    if (resolved.outcome === 'impossible') throw new Error(resolved.message);
    const book = this.#parts.book();
    return await previewOf({
      stored,
      row: this.#parts.row(stored),
      target: resolved.target,
      settings: this.#parts.render(),
      store: book.store,
      deliveries: book.deliveriesOf(id),
      runUrl: stored.failure.runId === null || stored.test ? null : this.#parts.webserver.runUrl(stored.failure.runId),
      now: Date.now(),
    });
  }

  makeTest({ failureKind, codeLocation }: TestSubject): FailureRow {
    const make = failureKind === 'check' ? testCheckFailure : testRunFailure;
    const failure = make({
      id: failureId(`test-${randomUUID()}`),
      runId: runId(randomUUID()),
      now: Date.now(),
      codeLocation,
    });
    const added = this.#parts.book().store.failures.add([newFailure(failure, false, this.#parts.render())]);
    const rows = added.map((stored) => this.#parts.row(stored));
    this.#parts.changes.failuresAdded(rows);
    const [row] = rows;
    if (!row) throw new Error('The test failure could not be stored.');
    return row;
  }

  setStatus(ids: readonly FailureId[], status: 'pending' | 'dismissed'): void {
    const changed = this.#parts.book().store.failures.setStatus(ids, status);
    this.#parts.changes.failuresChanged(changed.map((stored) => this.#parts.row(stored)));
  }

  ofTick(tick: number): FailureRow[] {
    return this.#parts
      .book()
      .store.failures.ofTick(tick)
      .map((stored) => this.#parts.row(stored));
  }
}
