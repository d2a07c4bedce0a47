/** An answer of the inbox. `body` is JSON as Sentry's Relay writes it, or plain text. */
export interface Answer {
  readonly status: number;
  readonly body: { readonly id: string } | { readonly detail: string; readonly causes?: readonly string[] } | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is not taken. Status and words are Relay's where it has such a case; `causes` name what is wrong. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(status: number, detail: string, causes: readonly string[] = []) {
    super([detail, ...causes].join(': '));
    this.name = 'Refusal';
    this.answer = { status, body: { detail, ...(causes.length > 0 && { causes }) } };
  }
}

export const malformed = (cause: string): Refusal => new Refusal(400, 'invalid event envelope', [cause]);

export const tooLarge = (type: string): Refusal =>
  new Refusal(
    413,
    `envelope exceeded size limits for type '${type}' (https://develop.sentry.dev/sdk/envelopes/#size-limits)`,
  );
