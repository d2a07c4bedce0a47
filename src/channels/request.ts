/**
 * The one request of an alert, the same for preview and delivery: what goes to the socket, without the key.
 * `headers` are all that a channel sets, in the order sent, names in lower case; Host, Connection and Content-Length
 * belong to the connection and are not part of it. Whoever sends it adds no other header.
 */
export interface CanonicalRequest {
  readonly method: 'POST';
  /**
   * Without key, query or credentials, in the form of the WHATWG URL standard (host in lower case, default port left
   * out), so that it equals scheme + `://` + Host header + path of what is seen on the socket.
   */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}
