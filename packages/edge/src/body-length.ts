/** Bytes of what was given to `write`, `end` or `push`; 0 for nothing. */
export function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') {
    return typeof encoding === 'string'
      ? Buffer.byteLength(chunk, encoding as BufferEncoding)
      : Buffer.byteLength(chunk);
  }
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}

/** Responses that have no body, whatever the app wrote (RFC 9110 §6.4.1). */
export function isBodiless(method: string, status: number): boolean {
  return status === 304 || status === 204 || method === 'HEAD';
}
