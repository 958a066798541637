import type { StartScreenPrompt } from '@openai/chatkit';

/** Sentences to start with. */
export const startPrompts: StartScreenPrompt[] = [
  { label: 'Show my tasks', prompt: 'Show me all my tasks', icon: 'check-circle' },
  { label: 'Add “Buy groceries”', prompt: 'Add a task to buy groceries', icon: 'plus' },
  { label: 'What is left to do?', prompt: "What's pending?", icon: 'sparkle' },
];

/** Sentences that the built-in assistant is sure to understand. */
export const offlineExamples = [
  'Add a task to buy groceries',
  'Show me all my tasks',
  "What's pending?",
  'Mark task 3 as complete',
  'Delete the meeting task',
  "Change task 1 to 'Call mom tonight'",
];
