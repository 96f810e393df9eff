import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type { main } from './main.js';

type Body = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: Bundle },
  file: string,
  folder: string,
) => void;
type Bundle = { readonly main?: typeof main };

/** Commands of the small bundle; `scripts/build.mjs` leaves the others out of it. */
const often: readonly (string | undefined)[] = ['fit', 'check', 'explain', 'fmt'];

/**
 * Starts the bundled command, `mm-main.cjs` or `mm-all.cjs` beside this file, from the code that V8 compiled of it when it was built: a
 * third less time to the first output. Another V8 rejects that code and compiles the text, which is all that is needed.
 */
function start(): void {
  const file = join(__dirname, often.includes(process.argv[2]) ? 'mm-main.cjs' : 'mm-all.cjs');
  const source = Module.wrap(readFileSync(file, 'latin1')); // the bundle is ASCII
  const cachedData = readIfThere(`${file}.cache`);
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  const module: { exports: Bundle } = { exports: {} };
  const body = script.runInThisContext() as Body;
  body(module.exports, require, module, file, __dirname);
  void module.exports.main?.();
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

start();
