import { ProtocolError } from './client';

/** What went wrong, in words for a person. */
export function reason(error: Error): string {
  if (isConnectionLoss(error)) return 'The server cannot be reached. Check the connection.';
  if (error instanceof SyntaxError) return 'The answer of the server could not be read.';
  return error.message;
}

/** Whether the same words may get through a second time. */
export function mayResend(error: Error): boolean {
  if (error instanceof ProtocolError) {
    return error.status >= 500 || [408, 409, 425, 429].includes(error.status);
  }
  return isConnectionLoss(error);
}

/** Whether the way to the server is at fault; `fetch` and its streams throw a TypeError then. */
export function isConnectionLoss(error: Error): boolean {
  return error instanceof TypeError;
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
