import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { authorize } from '../channels/sentry/envelope.ts';
import type { Failure } from '../failure/failure.ts';
import { type FailureId, failureId, runId } from '../failure/ids.ts';
import type { JsonObject } from '../failure/json.ts';
import { failureOfSpecimen, specimenOf } from '../failure/specimen.ts';
import { testCheckFailure, testRunFailure } from '../failure/testFailure.ts';
import { type TestFields, withFields } from '../failure/testFields.ts';
import type { StoredFailure } from '../store/stateStore.ts';
import type {
  EngineApi,
  FailureGroups,
  FailureIssue,
  FailurePage,
  FailureRow,
  Preview,
  RelatedEvents,
  TargetChoice,
  TestSubject,
} from './api.ts';
import { issueTitleOf } from './failureRow.ts';
import { newFailure } from './newFailure.ts';
import type { EngineParts } from './parts.ts';
import { type PreviewInput, previewOf, requestOf } from './preview.ts';

const goneError = (): Error =>
  new Error(l10n.t('This failure is no longer stored: it was forgotten, or belongs to another instance.'));

/** The calls about failures: listing, previewing, making test failures, dismissing. */
export class FailureCalls {
  readonly #parts: EngineParts;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  list(query: Parameters<EngineApi['failures']>[0]): FailurePage {
    const { rows, total } = this.#parts.book().store.failureLists.page(query);
    return { rows: rows.map((stored) => this.#parts.row(stored)), total };
  }

  groups(query: Parameters<EngineApi['failureGroups']>[0]): FailureGroups {
    const { failureLists } = this.#parts.book().store;
    const { groups, hidden } = failureLists.groups(query, query.limit);
    return {
      groups: groups.map(({ key, total, newest }) => ({
        key,
        total,
        newest: this.#parts.row(newest),
        issue: issueTitleOf(newest, this.#parts.render()),
      })),
      hidden,
      rows: failureLists.members(query, query.ids).map(({ key, stored }) => ({ key, row: this.#parts.row(stored) })),
    };
  }

  get(id: FailureId): StoredFailure & { readonly failure: Failure } {
    const stored = this.#parts.book().store.failures.get(id);
    if (stored === null) throw goneError();
    return stored;
  }

  async preview(id: FailureId, choice: TargetChoice): Promise<Preview> {
    return await previewOf(await this.#input(id, choice));
  }

  /** The event that the preview shows, whole. */
  async event(id: FailureId, choice: TargetChoice): Promise<JsonObject> {
    return requestOf(await this.#input(id, choice)).event;
  }

  /** The body of the request that the preview shows, whole. */
  async requestBody(id: FailureId, choice: TargetChoice): Promise<string> {
    return new TextDecoder().decode(requestOf(await this.#input(id, choice)).request.body);
  }

  makeTest(subject: TestSubject): FailureRow {
    const failure = this.#newTest(subject);
    const added = this.#parts.book().store.failures.add([newFailure(failure, false, this.#parts.render())]);
    const rows = added.map((stored) => this.#parts.row(stored));
    this.#parts.changes.failuresAdded(rows);
    const [row] = rows;
    if (!row) throw new Error(l10n.t('The test failure could not be stored.'));
    return row;
  }

  async editTest(id: FailureId, fields: TestFields, choice: TargetChoice): Promise<Preview> {
    const { failure } = this.get(id);
    if (this.#parts.book().deliveriesOf(id).length > 0)
      throw new Error(l10n.t('This test failure was sent already and stays as it was sent. Change a copy of it.'));
    const changed = newFailure(withFields(failure, fields), false, this.#parts.render());
    const stored = this.#parts.book().store.failures.changeTest(changed);
    if (stored !== null) this.#parts.changes.failuresChanged([this.#parts.row(stored)]);
    return await this.preview(id, choice);
  }

  issue(id: FailureId): FailureIssue {
    const { store } = this.#parts.book();
    const stored = store.failures.find(id);
    if (stored === null) throw goneError();
    return { title: issueTitleOf(stored, this.#parts.render()), otherPending: store.failures.otherPending(stored) };
  }

  sameIssue(id: FailureId, limit: number): FailureRow[] {
    const { groupingKey } = this.get(id);
    const found = this.#parts.book().store.failures.ofIssue(groupingKey, limit);
    return found.map((stored) => this.#parts.row(stored));
  }

  related(id: FailureId, limit: number): RelatedEvents {
    const book = this.#parts.book();
    const failures = book.store.failures.alike(id, limit).map((stored) => this.#parts.row(stored));
    return { delivery: book.deliveriesOf(id)[0] ?? null, failures };
  }

  /** The headers of the request that the preview shows, with the key. */
  async keyedHeaders(id: FailureId, choice: TargetChoice): Promise<readonly (readonly [string, string])[]> {
    const { codeLocation } = this.get(id).failure;
    const resolved = await this.#parts.targets.resolve(codeLocation, choice, 'send');
    if (resolved.outcome === 'impossible') throw new Error(resolved.message);
    const dsn = await this.#parts.targets.dsnFor(resolved.target.row);
    if (dsn === null) throw new Error(l10n.t('The DSN that this request is for is no longer set.'));
    return authorize(requestOf(await this.#input(id, choice)).request, dsn);
  }

  /** The failures that a tick found. */
  ofTick(tick: number): FailureRow[] {
    return this.#parts
      .book()
      .store.failures.ofTick(tick)
      .map((stored) => this.#parts.row(stored));
  }

  async #input(id: FailureId, choice: TargetChoice): Promise<PreviewInput> {
    const stored = this.get(id);
    const resolved = await this.#parts.targets.resolve(stored.failure.codeLocation, choice, 'preview');
    if (resolved.outcome === 'impossible') throw new Error(resolved.message);
    const book = this.#parts.book();
    const { webserver } = this.#parts;
    return {
      stored,
      row: this.#parts.row(stored),
      target: resolved.target,
      settings: this.#parts.render(),
      store: book.store,
      deliveries: book.deliveriesOf(id),
      webserver: webserver.answers,
      canOpenRun: webserver.answers && stored.failure.runId !== null && !stored.test,
      now: Date.now(),
    };
  }

  #newTest(subject: TestSubject): Failure {
    const input = { id: failureId(`test-${randomUUID()}`), runId: runId(randomUUID()), now: Date.now() };
    switch (subject.kind) {
      case 'test': {
        const make = subject.failureKind === 'check' ? testCheckFailure : testRunFailure;
        return make({ ...input, codeLocation: subject.codeLocation });
      }
      case 'specimen':
        return failureOfSpecimen(subject.specimen, input);
      case 'copy':
        return failureOfSpecimen(specimenOf(this.get(subject.of).failure), input);
    }
  }
}
