import { readFileSync } from 'node:fs';
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

/** By command: the bundle that has it and little else; `scripts/build.mjs` puts it here. */
declare const smallBundles: Readonly<Record<string, string>>;

/**
 * Starts the bundled command, one of the files beside this one, from the code that V8 compiled of it when it was built: a
 * third less time to the first output. Another V8 rejects that code and compiles the text, which is all that is needed.
 */
function start(): void {
  const command = process.argv[2] ?? '';
  const bundle = Object.hasOwn(smallBundles, command) ? smallBundles[command] : undefined;
  const file = join(__dirname, bundle ?? 'mm-all.cjs');
  const source = readFileSync(file, 'latin1'); // the bundle is ASCII
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
