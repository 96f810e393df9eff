// Compiles src/kernels/wasm/assembly to WebAssembly and writes it, as base64, to src/kernels/wasm/binary.ts. That module is
// committed, so that bundling and tests need no compiler; a test checks that it is what the source compiles to.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = new URL('../', import.meta.url);
const target = new URL('src/kernels/wasm/binary.ts', root);

/** The text of binary.ts for the source as it is now. */
export async function compileKernels() {
  let binary;
  const { error, stderr } = await asc.main(
    [
      'src/kernels/wasm/assembly/index.ts',
      ...['--baseDir', fileURLToPath(root)],
      ...['--outFile', 'kernels.wasm', '--enable', 'simd', '--runtime', 'stub', '-O3', '--noAssert'],
      ...['--importMemory', '--use', 'abort='],
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(`${base}/${name}`, 'utf8');
        } catch {
          return null; // asc tries several names for a module
        }
      },
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  const base64 = Buffer.from(binary).toString('base64');
  const lines = base64.match(/.{1,110}/g).map((line) => `  '${line}',`);
  return `// Written by scripts/build-wasm.mjs from src/kernels/wasm/assembly; do not edit.\nexport const binary: string = [\n${lines.join('\n')}\n].join('');\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeBinary();

/** Rewrites binary.ts where the source has changed. */
export async function writeBinary() {
  const text = await compileKernels();
  let current = '';
  try {
    current = readFileSync(target, 'utf8');
  } catch {
    // not there yet
  }
  if (text !== current) writeFileSync(target, text);
}
