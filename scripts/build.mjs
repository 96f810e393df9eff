// Bundles the command and the library into dist/. Dynamic imports become chunks, so a command loads only what it uses.
// Types are written by `tsc --build` (npm run build runs it too).
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { writeBinary } from './build-wasm.mjs';

await writeBinary();

// Chunk names carry a hash, so those of earlier builds would pile up.
rmSync('dist/chunks', { recursive: true, force: true });

const shared = { bundle: true, format: 'esm', target: 'node20', legalComments: 'external', logLevel: 'warning' };
await build({
  ...shared,
  entryPoints: { mm: 'src/hosts/cli/main.ts' },
  outdir: 'dist',
  splitting: true,
  platform: 'node',
  chunkNames: 'chunks/[name]-[hash]',
  // commander is CommonJS and requires built-in modules; in a module bundle `require` has to be made.
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
  },
  minify: true, // less to read and to compile at every start
  keepNames: true, // error names and stacks stay readable
});
await build({
  ...shared,
  entryPoints: { index: 'src/index.ts' },
  outdir: 'dist',
  platform: 'neutral',
  external: ['stream'], // papaparse asks for it only where it is given a stream of Node, which we never do
  mainFields: ['module', 'main'],
});
chmodSync('dist/mm.js', 0o755);
