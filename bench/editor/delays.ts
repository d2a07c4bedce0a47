import * as v from 'valibot';

/** What is measured in the editor, in this order. */
export const PHASES = ['activation', 'first preview', '10 MB of metadata', '10 s lock', '5,000 failures'] as const;
export type Phase = (typeof PHASES)[number];

const delays = v.object({
  activation: v.number(),
  'first preview': v.number(),
  '10 MB of metadata': v.number(),
  '10 s lock': v.number(),
  '5,000 failures': v.number(),
});

/** What one run in the extension host wrote down. */
export const editorRun = v.object({
  /** ms that activation held the host's thread; 0 for the empty extension. */
  activation: v.number(),
  /** Modules that activation loaded, by the names they were asked for. */
  modules: v.array(v.string()),
  /** The longest that the host's event loop was late in each phase, ms. */
  delays,
});
export type EditorRun = v.InferOutput<typeof editorRun>;
