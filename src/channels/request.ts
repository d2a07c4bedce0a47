/**
 * The one request of an alert, the same for preview and delivery: what goes to the socket, without the key.
 * `headers` are all that a channel sets, in the order sent, names in lower case; Host, Connection and Content-Length
 * belong to the connection and are not part of it.
 */
export interface CanonicalRequest {
  readonly method: 'POST';
  /** Without key, query or credentials. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}
