import { runCommandLine } from '../../src/hosts/cli/program.js';

/** The command as it is in the sources, without a process. */
export async function runInProcess(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  let stdout = '';
  let stderr = '';
  const status = await runCommandLine(args, {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    stdinBytes: async () => new Uint8Array(),
    interactive: false,
    outIsTerminal: false,
    columns: 80,
    now: () => 0,
    environment,
  });
  return { status, stdout, stderr };
}
