import type { DagsterError, Failure } from '../failure/failure.ts';

/** Characters of a text that a row can show. */
const TEXT = 300;

/** A failure without what makes it large: metadata and stacks left out, texts cut to 300 characters. */
export function briefOf(failure: Failure): Failure {
  if (failure.kind === 'check') {
    return { ...failure, metadata: [], description: failure.description === null ? null : cut(failure.description) };
  }
  const { step } = failure;
  return {
    ...failure,
    message: cut(failure.message),
    error: briefError(failure.error),
    step: step === null ? null : { key: step.key, error: briefError(step.error) },
  };
}

function briefError(error: DagsterError | null): DagsterError | null {
  if (error === null) return null;
  return { className: error.className, message: cut(error.message), stack: [], cause: briefError(error.cause) };
}

const cut = (text: string): string => (text.length <= TEXT ? text : text.slice(0, TEXT).toWellFormed());
