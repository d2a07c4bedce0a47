/** The webview's side of the conversation with the extension: typed messages out and in, and kept view state. */

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<Out> {
  post(message: Out): void;
  /** What `save` kept before the webview was hidden; unvalidated, as it may be an older version's. */
  saved(): unknown;
  save(state: unknown): void;
}

/**
 * Connects to the extension; call once. `receive` gets every message, from the first one on: the extension sends
 * nothing before it hears `ready`, which is posted here once `receive` is listening. It sends text.
 */
export const connect = <In, Out extends { readonly type: string }>(
  ready: Out,
  receive: (message: In) => void,
): Host<Out> => {
  const api = acquireVsCodeApi();
  window.addEventListener('message', ({ data }: MessageEvent<string>) => receive(JSON.parse(data)));
  queueMicrotask(() => api.postMessage(ready));
  return {
    post: (message) => api.postMessage(message),
    saved: () => api.getState(),
    save: (state) => api.setState(state),
  };
};

/** Calls back with the words of an error that nobody caught, so that a broken page says so instead of standing still. */
export const onBroken = (broken: (message: string) => void): void => {
  window.addEventListener('error', ({ message }) => broken(message));
  window.addEventListener('unhandledrejection', ({ reason }) => broken(String(reason)));
};
