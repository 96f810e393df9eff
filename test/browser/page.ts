import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, type InlineConfig, type Rollup } from 'vite';
import { mmPlugin } from '../../src/hosts/vite/plugin.js';
import { root } from '../hosts/run-mm.js';
import { entries, type TypedProject } from '../hosts/typed-project.js';

/** What the page writes down when it has fitted everything. */
export interface PageResult {
  readonly typed: Figures;
  readonly template: Figures;
  readonly logistic: { readonly logLik: number };
  readonly classes: { readonly logLik: number; readonly names: readonly string[] };
  readonly error: string;
  readonly stopped: string;
  readonly globals: readonly string[];
  /** In a page only: by a thread of its own. */
  readonly worker?: Figures & { readonly told: boolean };
}

interface Figures {
  readonly logLik: number;
  readonly days: number | null;
}

/** A page's script: an imported model file, a template, every engine, what goes wrong, and a fit that is stopped. */
const script = `
import { compile, MmError, mm, parseTable } from 'mmlang';
import { sleepstudy } from './sleepstudy.mm';
import cbpp from './cbpp.csv?raw';
import cbppModel from './cbpp.mm?raw';
import mixture from './mixture.csv?raw';
import mixtureModel from './mixture.mm?raw';
import csv from './sleepstudy.csv?raw';

const table = (text) => {
  const { table } = parseTable(text);
  if (table === undefined) throw new Error('no table');
  return table;
};
const figures = (fit) => ({ logLik: fit.logLik, days: fit.fixef.Days.estimate });
const messageOf = (action) => {
  try {
    action();
    return '';
  } catch (error) {
    return error instanceof MmError ? error.diagnostics.map((d) => d.code).join(' ') : String(error);
  }
};
const data = table(csv);
const rows = csv.trim().split(/\\r?\\n/).slice(1).map((line) => {
  const [Reaction, Days, Subject] = line.split(',');
  return { Reaction: Number(Reaction), Days: Number(Days), Subject };
});
const controller = new AbortController();
const classes = compile(mixtureModel).fit(table(mixture));
const result = {
  typed: figures(sleepstudy.fit(rows)),
  template: figures(mm\`Reaction ~ \${'Days'} + (Days | Subject)\`.fit(data)),
  logistic: { logLik: compile(cbppModel).fit(table(cbpp)).logLik },
  classes: { logLik: classes.logLik, names: classes.mixture.classes },
  error: messageOf(() => compile('Reaction ~ Dayz').fit(data)),
  stopped: messageOf(() =>
    sleepstudy.fit(rows, {
      signal: controller.signal,
      onProgress: () => controller.abort('enough'),
    }),
  ),
  globals: ['process', 'Buffer', 'require', 'global'].filter((name) => name in globalThis),
};
globalThis.mmResult = JSON.stringify(result);
`;

/** The page: what the script has fitted, and a fit in a worker, are sent to whoever serves it. */
const pageScript = `
import './main.js';
import { openWorkers } from 'mmlang/web';
import { mm, tableFromText } from 'mmlang';
import csv from './sleepstudy.csv?raw';

const workers = openWorkers(() => new Worker(new URL('./mm-worker.js', import.meta.url), { type: 'module' }));
const model = mm\`Reaction ~ Days + (Days | Subject)\`;
try {
  const stages = [];
  const fit = await model.bind(tableFromText(csv)).fitAsync({
    parallel: workers,
    onProgress: ({ stage }) => stages.push(stage),
  });
  const worker = { logLik: fit.logLik, days: fit.fixef.Days.estimate, told: stages.length > 0 };
  await fetch('/result', { method: 'POST', body: JSON.stringify({ ...JSON.parse(globalThis.mmResult), worker }) });
} catch (error) {
  await fetch('/result', { method: 'POST', body: JSON.stringify({ failed: String(error) }) });
}
await workers.close();
`;

const workerScript = `
import { serveWorker } from 'mmlang/web';
serveWorker(self);
`;

/** The reference models that the page fits, and their data. */
export const cases = {
  sleepstudy: 'sleepstudy-slope-reml',
  logistic: 'cbpp-logit-laplace',
  classes: 'mix-gauss-poor2',
};

/** The files of the page's sources, given where the models and data of the tests stand. */
export function pageFiles(read: (path: string) => string): Record<string, string> {
  return {
    'main.js': script,
    'page.js': pageScript,
    'mm-worker.js': workerScript,
    'index.html':
      '<!doctype html><html><head><meta charset="utf-8"><title>mm</title></head><body>not yet' +
      '<script type="module" src="./page.js"></script></body></html>',
    'sleepstudy.mm': read('examples/sleepstudy.mm'),
    'sleepstudy.csv': read('examples/sleepstudy.csv'),
    'cbpp.mm': read('test/models/cbpp-logit-laplace.mm'),
    'cbpp.csv': read('test/data/cbpp.csv'),
    'mixture.mm': read('test/models/mix-gauss-poor2.mm'),
    'mixture.csv': read('test/data/mix_gauss_poor2.csv'),
  };
}

function config(project: TypedProject): InlineConfig {
  return {
    root: project.folder,
    configFile: false,
    logLevel: 'error',
    plugins: [mmPlugin()],
    resolve: {
      alias: Object.entries(entries).map(([name, path]) => ({ find: new RegExp(`^${name}$`), replacement: path })),
    },
  };
}

/** Builds the page as a web project would, into `site`. */
export async function buildSite(project: TypedProject): Promise<string> {
  const outDir = join(project.folder, 'site');
  mkdirSync(outDir, { recursive: true });
  await build({ ...config(project), build: { outDir, emptyOutDir: true, target: 'es2022' } });
  return outDir;
}

/** The page's script and all that it imports as one classic script. */
export async function buildScript(project: TypedProject, entry = 'main.js', minify = true): Promise<string> {
  const built = (await build({
    ...config(project),
    build: {
      write: false,
      target: 'es2022',
      minify,
      rollupOptions: { output: { format: 'iife', codeSplitting: false } },
      lib: { entry: join(project.folder, entry), formats: ['iife'], name: 'page', fileName: 'page' },
    },
  })) as Rollup.RollupOutput[];
  const [chunk] = built.flatMap(({ output }) => output);
  if (chunk?.type !== 'chunk') throw new Error('no script was built');
  return chunk.code;
}

export { root };
