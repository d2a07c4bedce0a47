import type { News } from '../store/news.ts';
import type { StoredFailure } from '../store/stateStore.ts';
import type { FailureRow } from './api.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';

/** Tells the host what another window wrote, as if it had been written here: the views stay as they are but for it. */
export function tellNews(news: News, book: Book, changes: Changes, row: (stored: StoredFailure) => FailureRow): void {
  if (news.kind === 'all') {
    changes.reload();
    return;
  }
  const { failures, ticks } = book.store;
  changes.failuresAdded(news.added.flatMap((id) => failures.find(id) ?? []).map(row));
  changes.failuresChanged(news.changed.flatMap((id) => failures.find(id) ?? []).map(row));
  for (const id of news.ticks) {
    const tick = ticks.get(id);
    if (tick !== null) changes.tick(tick);
  }
  const deliveries = book.deliveriesOfIds(news.deliveries);
  changes.deliveries(deliveries);
  if (deliveries.length < news.deliveries.length) changes.reload(); // some were taken out of the queue
  changes.touch(); // a sensor was stopped or its cursor moved
}
