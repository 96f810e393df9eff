import { readFile } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { positionAt } from '../../diagnostics/span.js';
import { type BuiltModels, buildModels } from '../build-models.js';
import type { Terminal } from '../cli/terminal.js';
import { writeWhole } from '../write-whole.js';

/** How the plugin works. */
export interface MmPluginOptions {
  /**
   * Where the types of an imported `x.mm` are written: beside it as `x.mm.d.ts` (for `moduleResolution: "bundler"`, the default), as
   * `x.d.mm.ts` (for `allowArbitraryExtensions`, which `nodenext` needs), or nowhere.
   */
  readonly declarations?: 'x.mm.d.ts' | 'x.d.mm.ts' | false;
}

/** What Rollup and Vite lend to a hook; the part that is used. */
export interface MmHook {
  /** A file whose change makes the bundle stale. */
  addWatchFile(path: string): void;
  /** Tells what is doubtful. */
  warn(message: Message): void;
  /** Ends the bundle with what is wrong. */
  error(message: Message): never;
}

interface Message {
  readonly message: string;
  readonly id: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
}

/** A plugin of Rollup and Vite, by its shape, so that neither is needed to have the other. */
export interface MmPlugin {
  readonly name: string;
  /** The module of a model file; null for any other file. */
  load(this: MmHook, id: string): Promise<{ code: string; map: { mappings: '' }; moduleType: 'js' } | null>;
}

/**
 * Lets a module import a model file: `import { sleepstudy } from './sleepstudy.mm'`. Each model of the file is an export, compiled when
 * the bundle is made: the bundle holds its graph and neither the text nor the compiler. Data that the models name are read for the names
 * of coefficients, and are not part of the bundle. What is wrong with a model stops the bundler, at its place in the file.
 */
export function mmPlugin(options: MmPluginOptions = {}): MmPlugin {
  const { declarations = 'x.mm.d.ts' } = options;
  return {
    name: 'mmlang',
    async load(id) {
      if (!id.endsWith('.mm') || id.includes('\0')) return null; // `x.mm?raw` and the like are not ours
      const built = await buildModels(id, {}, silent);
      for (const path of [id, ...built.dependencies]) this.addWatchFile(path);
      for (const d of built.diagnostics) if (d.severity === 'warning') this.warn(messageOf(d, built, id));
      if (built.text === undefined) {
        const wrong = built.diagnostics.find((d) => d.severity === 'error');
        this.error(wrong === undefined ? { message: 'the file has no model', id } : messageOf(wrong, built, id));
      }
      if (declarations !== false) {
        const target = declarations === 'x.mm.d.ts' ? `${id}.d.ts` : id.replace(/\.mm$/, '.d.mm.ts');
        await writeWhere(target, built.text('d.ts', basename(id)));
      }
      return { code: built.text('js', basename(id)), map: { mappings: '' }, moduleType: 'js' };
    },
  };
}

/** Types that have not changed are left alone, for whoever watches them. */
async function writeWhere(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== text) await writeWhole(path, text);
}

function messageOf(d: Diagnostic, { file }: BuiltModels, id: string): Message {
  const message = `[${d.code}] ${d.message}${d.hint === undefined ? '' : ` (${d.hint})`}`;
  if (d.span === undefined || file === null) return { message: `${relative('.', id)}: ${message}`, id };
  const { line, column } = positionAt(file.text, d.span.start);
  return { message, id, loc: { file: id, line, column: column - 1 } };
}

/** The bundler tells what there is to be told. */
const silent: Terminal = {
  out: () => {},
  err: () => {},
  stdinBytes: async () => new Uint8Array(),
  interactive: false,
  outIsTerminal: false,
  columns: 80,
  now: () => performance.now(),
  environment: {},
};
