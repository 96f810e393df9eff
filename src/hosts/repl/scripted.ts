import { createInterface } from 'node:readline';
import { type ExitStatus, exitStatus } from '../cli/exit-status.js';
import type { Conversation } from './conversation.js';
import { finish, gather, type Unfinished } from './typed-lines.js';

/** Takes lines from a file or a pipe: what is wrong is told with its line, and does not keep the rest from being done. */
export async function follow(
  conversation: Conversation,
  input: NodeJS.ReadableStream,
  opening: readonly string[],
): Promise<ExitStatus> {
  for (const text of opening) await conversation.take({ text, line: 1 });
  if (conversation.status !== exitStatus.ok) return conversation.status; // without its data a script makes no sense
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let unfinished: Unfinished | null = null;
  let number = 0;
  for await (const line of lines) {
    number++;
    const found = gather(unfinished, line, number);
    unfinished = found.unfinished;
    for (const whole of found.inputs) if (!conversation.left) await conversation.take(whole);
    if (conversation.left) break;
  }
  lines.close();
  if (unfinished !== null && !conversation.left) await conversation.take(finish(unfinished));
  return conversation.status;
}
