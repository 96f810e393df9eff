import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { grammarArtifacts } from '../../grammar/artifacts.js';
import { MmParser } from '../../grammar/parser.js';

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

// The same files as in scripts/generate-grammar.mjs.
const diagrams = 'node_modules/chevrotain/diagrams';
const scripts = ['vendor/railroad-diagrams.js', 'src/diagrams_builder.js', 'src/diagrams_behavior.js', 'src/main.js'];

test('the generated files are those of the parser as it is (else: npm run generate)', () => {
  const artifacts = grammarArtifacts({
    styles: read(`${diagrams}/diagrams.css`),
    scripts: scripts.map((script) => read(`${diagrams}/${script}`)),
  });
  for (const [name, text] of Object.entries(artifacts)) expect(text === read(`grammar/${name}`), name).toBe(true);
});

test('the railroad page needs nothing from elsewhere', () => {
  const page = read('grammar/railroad.html');
  expect(page).not.toMatch(/<(?:script|link|img)[^>]*(?:src|href)=/);
  for (const rule of Object.keys(new MmParser().getGAstProductions())) expect(page).toContain(`"name": "${rule}"`);
});

test('the grammar passes the checks that are skipped at start-up', () => {
  expect(() => new MmParser(true)).not.toThrow();
});
