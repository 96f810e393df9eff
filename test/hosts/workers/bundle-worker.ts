import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Builds a worker of the sources as scripts/build.mjs does. @returns its file, and what removes it */
export async function bundleWorker(entry: string): Promise<{ file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'mm-worker-'));
  const file = join(folder, 'worker.cjs');
  await build({
    entryPoints: [resolve(entry)],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    outfile: file,
    logLevel: 'warning',
  });
  return { file, remove: () => rm(folder, { recursive: true }) };
}
