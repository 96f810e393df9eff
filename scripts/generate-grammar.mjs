// Writes the files of grammar/ that are made from the parser: the types of its tree and the railroad diagrams.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundle = join(root, 'dist', 'grammar-artifacts.mjs');
mkdirSync(dirname(bundle), { recursive: true });
await build({
  entryPoints: [join(root, 'grammar', 'artifacts.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
const { grammarArtifacts } = await import(pathToFileURL(bundle).href);

const diagrams = join(root, 'node_modules', 'chevrotain', 'diagrams');
const read = (name) => readFileSync(join(diagrams, name), 'utf8');
const artifacts = grammarArtifacts({
  styles: read('diagrams.css'),
  scripts: ['vendor/railroad-diagrams.js', 'src/diagrams_builder.js', 'src/diagrams_behavior.js', 'src/main.js'].map(
    read,
  ),
});
for (const [name, text] of Object.entries(artifacts)) writeFileSync(join(root, 'grammar', name), text);
