// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { excessOf, LONGEST_MESSAGE } from './messageLength';

test('[003/FR-032] the page and the endpoint know one limit', async () => {
  const contract = await readFile('../specs/001-todo-by-chat/contracts/chat.openapi.json', 'utf8');
  const { ChatRequest } = JSON.parse(contract).components.schemas;

  expect(LONGEST_MESSAGE).toBe(ChatRequest.properties.message.maxLength);
});

test('[003/FR-032] characters are counted, not their halves, and not the blanks around them', () => {
  expect(excessOf('x'.repeat(LONGEST_MESSAGE))).toBe(0);
  expect(excessOf(` ${'🥛'.repeat(LONGEST_MESSAGE)}\n`)).toBe(0);
  expect(excessOf('🥛'.repeat(LONGEST_MESSAGE + 2))).toBe(2);
});
