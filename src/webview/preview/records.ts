import { isObject, type JsonObject, type JsonValue } from '../../failure/json.ts';

/** A column of a table of records. */
export interface Column {
  readonly name: string;
  /** As the table's schema has it; null for a plain list of objects. */
  readonly type: string | null;
  readonly description: string | null;
  /** Every value present is a number: set right. */
  readonly numeric: boolean;
}

/** A list of records as a table: columns in the order in which the records first have them. */
export interface Records {
  readonly columns: readonly Column[];
  readonly rows: readonly JsonObject[];
}

/** More columns than this are not drawn; the JSON has them. */
export const MAX_COLUMNS = 40;

const isRows = (value: JsonValue | undefined): value is readonly JsonObject[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject);

/** The columns that a table's schema names, in whichever of Dagster's forms it comes. */
export const schemaColumns = (
  schema: JsonValue | undefined,
): readonly Pick<Column, 'name' | 'type' | 'description'>[] => {
  const list = isObject(schema) ? schema.columns : schema;
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).flatMap((column) => {
    const { name, type, description } = column;
    if (typeof name !== 'string') return [];
    return [
      {
        name,
        type: typeof type === 'string' ? type : null,
        description: typeof description === 'string' ? description : null,
      },
    ];
  });
};

/** A json list of objects, or a table `{schema, records}`, as a table; null for anything else. */
export const asRecords = (value: JsonValue): Records | null => {
  const table = isObject(value) && Array.isArray(value.records) && 'schema' in value ? value : null;
  const rows = table === null ? value : table.records;
  const known = table === null ? [] : schemaColumns(table.schema);
  if (!isRows(rows) && (known.length === 0 || !Array.isArray(rows))) return null;
  const records = rows.filter(isObject);
  const columns = new Map(known.map((column) => [column.name, column]));
  for (const row of records) {
    for (const name of Object.keys(row)) {
      if (!columns.has(name)) columns.set(name, { name, type: null, description: null });
    }
  }
  return {
    rows: records,
    columns: [...columns.values()].map((column) => ({ ...column, numeric: isNumeric(records, column.name) })),
  };
};

const isNumeric = (rows: readonly JsonObject[], name: string): boolean => {
  let seen = false;
  for (const row of rows) {
    const value = row[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number') return false;
    seen = true;
  }
  return seen;
};

/** A cell as one line: text as it is, anything nested as JSON. */
export const cellText = (value: JsonValue | undefined): string => {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
