import * as v from 'valibot';
import { DELIVERY_GROUPS, deliveryId } from '../../delivery/delivery.ts';
import type { DeliveryGroup, DeliveryId, FailureId, SensorName } from '../../engine/api.ts';
import { failureId } from '../../failure/ids.ts';
import { SENSOR_NAMES } from '../../sensors/tick.ts';

/**
 * What commands are called with: a tree hands over its row and the rows selected with it, other callers a plain id.
 * A keyboard shortcut and the palette hand over nothing.
 */
const failure = v.union([
  v.pipe(v.string(), v.transform(failureId)),
  v.pipe(
    v.object({ kind: v.literal('failure'), row: v.object({ id: v.string() }) }),
    v.transform((node) => failureId(node.row.id)),
  ),
  v.pipe(
    v.object({ kind: v.literal('delivery'), delivery: v.object({ failureId: v.string() }) }),
    v.transform((node) => failureId(node.delivery.failureId)),
  ),
]);
const sensor = v.union([
  v.picklist(SENSOR_NAMES),
  v.pipe(
    v.object({ kind: v.literal('sensor'), sensor: v.object({ name: v.picklist(SENSOR_NAMES) }) }),
    v.transform((node) => node.sensor.name),
  ),
]);
const delivery = v.union([
  v.pipe(v.number(), v.integer(), v.transform(deliveryId)),
  v.pipe(
    v.object({ kind: v.literal('delivery'), delivery: v.object({ id: v.number() }) }),
    v.transform((node) => deliveryId(node.delivery.id)),
  ),
]);
const inboxEvent = v.pipe(
  v.object({
    kind: v.literal('inboxEvent'),
    event: v.object({
      id: v.number(),
      title: v.string(),
      eventId: v.nullable(v.string()),
      runId: v.nullable(v.string()),
    }),
  }),
  v.transform((node) => node.event),
);

export type EventArgument = v.InferOutput<typeof inboxEvent>;
/** The id that a delivery or an event in the inbox has in Sentry. */
const eventId = v.union([
  v.pipe(
    v.object({ kind: v.literal('delivery'), delivery: v.object({ eventId: v.string() }) }),
    v.transform((node) => node.delivery.eventId),
  ),
  v.pipe(
    v.object({ kind: v.literal('inboxEvent'), event: v.object({ eventId: v.string() }) }),
    v.transform((node) => node.event.eventId),
  ),
]);

const first = <T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | undefined => {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
};

/** The failures meant: all that are selected when the command came from one of several selected rows. */
export function failuresOf(args: readonly unknown[]): readonly FailureId[] {
  const [row, selection] = args;
  const many = Array.isArray(selection) ? selection : Array.isArray(row) ? row : [row];
  return many.map((item) => first(failure, item)).filter((id): id is FailureId => id !== undefined);
}

export const sensorOf = (args: readonly unknown[]): SensorName | undefined => first(sensor, args[0]);
export const deliveryOf = (args: readonly unknown[]): DeliveryId | undefined => first(delivery, args[0]);
export const inboxEventOf = (args: readonly unknown[]): EventArgument | undefined => first(inboxEvent, args[0]);
export const eventIdOf = (args: readonly unknown[]): string | undefined => first(eventId, args[0]);
export const deliveryGroupOf = (args: readonly unknown[]): DeliveryGroup | undefined =>
  first(v.picklist(DELIVERY_GROUPS), args[0]);
export const textOf = (args: readonly unknown[]): string | undefined => first(v.string(), args[0]);
