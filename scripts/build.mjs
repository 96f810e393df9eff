// Bundles the command and the library into dist/. Dynamic imports become chunks, so a command loads only what it uses.
import { chmodSync } from 'node:fs';
import { build } from 'esbuild';

const shared = { bundle: true, format: 'esm', target: 'node20', sourcemap: false, minify: false, logLevel: 'warning' };
await build({
  ...shared,
  entryPoints: { mm: 'src/hosts/cli/main.ts' },
  outdir: 'dist',
  splitting: true,
  platform: 'node',
  chunkNames: 'chunks/[name]-[hash]',
  banner: { js: '#!/usr/bin/env node' },
  minifySyntax: true,
});
await build({
  ...shared,
  entryPoints: { index: 'src/index.ts' },
  outdir: 'dist',
  platform: 'neutral',
  mainFields: ['module', 'main'],
});
chmodSync('dist/mm.js', 0o755);
