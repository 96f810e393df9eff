// node scripts/run-ts.mjs FILE.ts [ARGUMENTS]: bundles a TypeScript file and runs it, for studies and benchmarks.
import { mkdirSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [file, ...args] = process.argv.slice(2);
// Inside node_modules, so that the bundle finds the packages it leaves out.
const folder = resolve('node_modules/.cache/mmlang');
mkdirSync(folder, { recursive: true });
const outfile = resolve(folder, `${basename(file, '.ts')}-${process.pid}.mjs`);
try {
  await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: { mmlang: resolve('src/index.ts') }, // examples import the library by its name
    outfile,
    logLevel: 'warning',
  });
  process.argv = [process.argv[0], outfile, ...args];
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile, { force: true });
}
