import * as v from 'valibot';

/** Validates a row of a state database. It throws where a file was changed by something else than Firedrill. */
export function row<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  return v.parse(schema, value);
}

export function rows<Schema extends v.GenericSchema>(
  schema: Schema,
  values: readonly unknown[],
): v.InferOutput<Schema>[] {
  return values.map((value) => v.parse(schema, value));
}

/** SQLite's 0 and 1 as a boolean. */
export const flag = v.pipe(
  v.number(),
  v.transform((value) => value !== 0),
);

/** A text column that holds JSON. */
export const json = v.pipe(
  v.string(),
  v.transform((text): unknown => JSON.parse(text)),
);
