// Compiles src/kernels/wasm/assembly to WebAssembly and writes it, as base64, to src/kernels/wasm/binary.ts and, for memory that
// threads share, shared-binary.ts. These modules are committed, so that bundling and tests need no compiler; a test checks
// that they are what the source compiles to.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const assembly = new URL('src/kernels/wasm/assembly/', root);
const common = ['--enable', 'simd', '--runtime', 'stub', '-O3', '--noAssert', '--importMemory', '--use', 'abort='];

/** The modules by their files. */
const modules = {
  'src/kernels/wasm/binary.ts': { name: 'binary', options: common },
  'src/kernels/wasm/shared-binary.ts': {
    name: 'sharedBinary',
    options: [...common, '--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'],
  },
};
export const files = Object.keys(modules);

/** Of the sources, the options and the compiler's version. */
function fingerprint(options) {
  const hash = createHash('sha256').update(options.join(' '));
  const compiler = new URL('node_modules/assemblyscript/package.json', root);
  hash.update(JSON.parse(readFileSync(compiler, 'utf8')).version);
  for (const name of readdirSync(assembly).sort()) hash.update(name).update(readFileSync(new URL(name, assembly)));
  return hash.digest('hex');
}

/** The text of such a file for the source as it is now. */
export async function compileKernels(file) {
  const { name: constant, options } = modules[file];
  const { default: asc } = await import('assemblyscript/asc');
  let binary = new Uint8Array(0);
  const { error, stderr } = await asc.main(
    ['src/kernels/wasm/assembly/index.ts', '--baseDir', fileURLToPath(root), '--outFile', 'kernels.wasm', ...options],
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
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,110}/g) ?? [];
  return [
    '// Written by scripts/build-wasm.mjs from src/kernels/wasm/assembly; do not edit.',
    `// ${fingerprint(options)}`,
    `export const ${constant}: string = [`,
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

/** Rewrites the files where the source has changed. */
export async function writeBinaries() {
  for (const file of files) {
    const target = new URL(file, root);
    let current = '';
    try {
      current = readFileSync(target, 'utf8');
    } catch {
      // not there yet
    }
    if (!current.includes(fingerprint(modules[file].options))) writeFileSync(target, await compileKernels(file));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeBinaries();
