import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run-mm.js';

/** Where the library's entries stand in the sources, for bundlers and compilers. */
export const entries = {
  'mmlang/model': join(root, 'src/model.ts'),
  'mmlang/web': join(root, 'src/hosts/workers/web.ts'),
  mmlang: join(root, 'src/index.ts'),
};

/** The types that users of the package get. */
const declarations = {
  'mmlang/model': 'src/model.d.ts',
  'mmlang/vite': 'src/hosts/vite/plugin.d.ts',
  'mmlang/web': 'src/hosts/workers/web.d.ts',
  mmlang: 'src/index.d.ts',
};

/** A folder with files of its own, inside the repository so that packages are found. */
export class TypedProject {
  readonly folder: string;

  constructor(files: Readonly<Record<string, string>>) {
    const caches = join(root, 'node_modules/.cache/mmlang');
    mkdirSync(caches, { recursive: true });
    this.folder = mkdtempSync(join(caches, 'project-'));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Type-checks files as strictly as a user may; what the compiler says of them, line by line. */
  async typeProblems(files: readonly string[], options: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
    const paths = Object.fromEntries(
      Object.entries(declarations).map(([name, path]) => [name, [join(root, 'dist/types', path)]]),
    );
    const compilerOptions = {
      target: 'es2023',
      lib: ['es2023', 'dom', 'dom.iterable', 'esnext.typedarrays'],
      module: 'esnext',
      moduleResolution: 'bundler',
      strict: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      skipLibCheck: true,
      noEmit: true,
      types: [],
      paths,
      ...options,
    };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    const { stdout } = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', this.folder]);
    return stdout.split('\n').filter((line) => /error TS/.test(line));
  }
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(command: string, args: readonly string[], cwd = root): Promise<Ran> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (status) => done({ status, stdout, stderr }));
  });
}
