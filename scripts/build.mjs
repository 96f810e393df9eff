// Bundles the command and the library into dist/; types are written there by `tsc --build`.
//   dist/mm.cjs             what `mm` runs: starts one of the next from code compiled before (src/hosts/cli/start.ts)
//   dist/mm-check.cjs       check, explain and fmt alone: the less of it, the sooner it starts
//   dist/mm-fit.cjs         fit alone
//   dist/mm-all.cjs         every command; parts that a call does not need are not evaluated
//   dist/mm-*.cjs.cache     that code
//   dist/mm-worker.cjs      what each thread of it runs, and of the library's
//   dist/mm-helper.cjs      what threads run that help with one factorization
//   dist/index.js           the library, for Node and browsers
//   dist/model.js           that of it which fits compiled models: what modules made by `mm build` import
//   dist/web.js             threads for it, in browsers
//   dist/chunks/            what these three share
//   dist/vite.js            the plugin of Vite and Rollup
//   dist/node.js            threads for it, under Node
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const shared = { bundle: true, target: 'node20', outdir: 'dist', legalComments: 'external', logLevel: 'warning' };
// Two packages ask at once for parts of node that we never use: commander for programs as subcommands, seedrandom for seeds
// out of nowhere. Loading them (with all of the network) would be a fifth of the start.
const unused = { child_process: /commander/, crypto: /seedrandom/ };
const withoutUnused = {
  name: 'without-unused',
  setup(bundler) {
    bundler.onResolve({ filter: /^(node:)?(child_process|crypto)$/ }, ({ path, importer }) => {
      const name = path.replace('node:', '');
      return unused[name].test(importer) ? { path: name, namespace: 'empty' } : { path, external: true };
    });
    bundler.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};
// Packages that a usual call does not run. Bundled as they are, all their functions would be declared at every start; as a
// module in the old format they are one function until it is called.
const seldom = ['chevrotain', 'hyparquet/src/index.js', 'hyparquet-compressors'];
const folded = {
  name: 'folded',
  setup(bundler) {
    bundler.onResolve({ filter: /^(chevrotain|hyparquet)/ }, ({ path }) =>
      seldom.includes(path) ? { path, namespace: 'folded' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'folded' }, async ({ path }) => {
      const stdin = { contents: `module.exports = require(${JSON.stringify(path)});`, resolveDir: '.' };
      const { outputFiles } = await build({ ...compact, stdin, bundle: true, write: false });
      return { contents: outputFiles[0].text, loader: 'js' };
    });
  },
};
// The parser that recovers from errors, and chevrotain with it, is evaluated for the first text that has one
const lateParser = {
  name: 'late-parser',
  setup(bundler) {
    bundler.onResolve({ filter: /\/grammar\/parser\.js$/ }, ({ path, resolveDir, kind }) =>
      kind === 'import-statement'
        ? { path: resolve(resolveDir, path.replace(/js$/, 'ts')), namespace: 'late' }
        : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `Object.defineProperty(exports, 'MmParser', { get: () => require(${JSON.stringify(path)}).MmParser });`,
      loader: 'js',
      resolveDir: '.',
    }));
  },
};
/** Which bundle runs a command that starts often; the others are left out of it. */
const smallBundles = { check: 'mm-check.cjs', explain: 'mm-check.cjs', fmt: 'mm-check.cjs', fit: 'mm-fit.cjs' };
const onlyOf = (bundle) => ({
  name: 'only-of-bundle',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/commands\// }, ({ path, kind }) => {
      const name = path.slice('./commands/'.length, -'.js'.length);
      const isOther = kind === 'dynamic-import' && smallBundles[name] !== bundle;
      return isOther ? { path: name, namespace: 'other' } : undefined;
    });
    bundler.onLoad({ filter: /.*/, namespace: 'other' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
});
const compact = { format: 'cjs', platform: 'node', target: 'node20', minifyWhitespace: true, minifySyntax: true };
const command = {
  ...shared,
  ...compact,
  plugins: [withoutUnused],
  outExtension: { '.js': '.cjs' },
};
const main = {
  ...command,
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' }, // start.ts calls it
  footer: { js: '})' },
};
const mainPlugins = [withoutUnused, folded, lateParser];
const mainOf = (bundle) =>
  build({
    ...main,
    entryPoints: { [bundle.replace('.cjs', '')]: 'src/hosts/cli/main.ts' },
    plugins: [...mainPlugins, ...(bundle === 'mm-all.cjs' ? [] : [onlyOf(bundle)])],
  });
const bundles = [...new Set(Object.values(smallBundles)), 'mm-all.cjs'];
// What an older build called otherwise would stay, and be published
rmSync('dist/chunks', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
for (const file of readdirSync('dist')) if (file.startsWith('mm-')) rmSync(resolve('dist', file));
await Promise.all([
  build({
    ...command,
    entryPoints: { mm: 'src/hosts/cli/start.ts' },
    banner: { js: '#!/usr/bin/env node' },
    define: { smallBundles: JSON.stringify(smallBundles) },
  }),
  ...bundles.map(mainOf),
  build({ ...command, entryPoints: { 'mm-worker': 'src/hosts/workers/worker.ts' } }),
  build({ ...command, entryPoints: { 'mm-helper': 'src/hosts/workers/helper.ts' } }),
  build({ ...shared, entryPoints: { node: 'src/hosts/workers/node.ts' }, format: 'esm', platform: 'node' }),
  build({ ...shared, entryPoints: { vite: 'src/hosts/vite/plugin.ts' }, format: 'esm', platform: 'node' }),
  build({
    ...shared,
    entryPoints: { index: 'src/index.ts', model: 'src/model.ts', web: 'src/hosts/workers/web.ts' },
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['stream'], // papaparse asks for it only where it is given a stream of Node, which we never do
  }),
]);
chmodSync('dist/mm.cjs', 0o755);
const example = 'examples/sleepstudy.mm';
await writeCodeCache('dist/mm-check.cjs', [
  ['check', example],
  ['explain', example],
  ['fmt', example],
]);
await writeCodeCache('dist/mm-fit.cjs', [
  ['fit', example, '--ranef'],
  ['fit', 'examples/cbpp.mm'],
  ['fit', example, '--json'],
]);
await writeCodeCache('dist/mm-all.cjs', [
  ['check', example],
  ['compare', example, 'examples/sleepstudy-priors.mm'],
  ['confint', example, '--quiet'],
  ['predict', example],
  ['simulate', example],
]);

/** Runs typical commands, so that the functions they need are compiled, and keeps what V8 has compiled. */
async function writeCodeCache(name, calls) {
  const file = resolve(name);
  const source = readFileSync(file, 'latin1');
  const script = new Script(source, { filename: file });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, resolve('dist'));
  const terminal = {
    out: () => {},
    err: (text) => process.stderr.write(text),
    stdinBytes: async () => new Uint8Array(),
    interactive: false,
    outIsTerminal: false,
    columns: 80,
    now: () => performance.now(),
    environment: {},
  };
  for (const args of calls)
    if ((await module.exports.runCommandLine(args, terminal)) !== 0) throw new Error(`mm ${args.join(' ')} fails`);
  writeFileSync(`${file}.cache`, script.createCachedData());
}
