import type { Preview, ReceivedPreview } from '../../engine/api.ts';
import { type EventView, eventView } from './eventModel.ts';
import { type RequestView, requestOf, requestOfReceived } from './requestTab.ts';

/** What is read out of a message once, not on every drawing. */
export interface Read {
  readonly event: EventView;
  readonly request: RequestView;
}

export const NOTHING_READ: Read = {
  event: {
    tags: [],
    extra: [],
    metadata: [],
    metadataBelow: 0,
    recorded: false,
    other: [],
    sections: [],
    shortened: new Map(),
  },
  request: { url: '', headers: [], parts: [], size: '', sha256: '', covers: '' },
};

export const readPreview = (preview: Preview): Read => {
  const { event, failure, shortened, row } = preview;
  const view = eventView(event, failure.kind === 'check' ? failure.metadata : null, shortened);
  // A person gave a test's metadata its types.
  return { event: { ...view, recorded: !row.test }, request: requestOf(preview) };
};

export const readReceived = (received: ReceivedPreview): Read => ({
  event: eventView(received.event, null, received.shortened),
  request: requestOfReceived(received),
});
