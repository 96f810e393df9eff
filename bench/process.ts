// Parts of a bench run in processes of their own, so that time and memory are theirs alone.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { build } from 'esbuild';

/** Inside node_modules: not committed, and a bundle there finds the packages that it leaves out. */
export const cache = resolve('node_modules/.cache/mmlang');
mkdirSync(cache, { recursive: true });

const made = new Map<string, Promise<string>>();
const written: string[] = [];

/** The scripts that `bundle` has made; whoever made them removes them. */
export function bundles(): readonly string[] {
  return written;
}

/** A TypeScript file as a script for Node, made once in this run. @returns its path */
export function bundle(entry: string, format: 'esm' | 'cjs' = 'esm'): Promise<string> {
  let path = made.get(entry);
  if (path === undefined) {
    path = bundled(entry, format);
    made.set(entry, path);
  }
  return path;
}

async function bundled(entry: string, format: 'esm' | 'cjs'): Promise<string> {
  const name = `bench-${basename(dirname(entry))}-${basename(entry, '.ts')}-${process.pid}.${format === 'esm' ? 'mjs' : 'cjs'}`;
  const outfile = resolve(cache, name);
  written.push(outfile);
  await build({
    entryPoints: [entry],
    bundle: true,
    format,
    platform: 'node',
    packages: 'external',
    alias: { mmlang: resolve('src/index.ts') },
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

/**
 * The last line of JSON that a script prints; null where it fails, with its last words on standard error.
 * @param seconds  after which it is ended
 */
export function runJson<T>(script: string, args: readonly string[], seconds: number): T | null {
  const run = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    timeout: 1000 * seconds,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
  });
  const last = run.stdout?.trim().split('\n').at(-1);
  if (run.status === 0 && last !== undefined && last !== '') return JSON.parse(last);
  const why = run.error?.message ?? run.stderr.trim().split('\n').slice(-6).join('\n');
  console.error(`${basename(script)} ${args.join(' ')} failed: ${why}`);
  return null;
}
