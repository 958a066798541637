/** How many characters the endpoint takes in one message (specs/001, contracts/chat.openapi.json). */
export const LONGEST_MESSAGE = 8_000;

/** How many characters a text has beyond what one message holds, counted as the endpoint does. */
export function excessOf(text: string): number {
  if (text.length <= LONGEST_MESSAGE) return 0;
  return Math.max(0, [...text.trim()].length - LONGEST_MESSAGE);
}
