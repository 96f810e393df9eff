import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Rollup } from 'vite';
import { afterAll, describe, expect, test } from 'vitest';
import { type MmHook, type MmPluginOptions, mmPlugin } from '../../src/hosts/vite/plugin.js';
import { root } from './run-mm.js';
import { TypedProject } from './typed-project.js';

const project = new TypedProject({
  'sleepstudy.mm': readFileSync(join(root, 'examples/sleepstudy.mm'), 'utf8'),
  'sleepstudy.csv': readFileSync(join(root, 'examples/sleepstudy.csv'), 'utf8'),
  'main.ts':
    "import { sleepstudy } from './sleepstudy.mm';\nexport const slope = sleepstudy.fit([]).fixef.Days.estimate;\n",
  'wrong.mm': 'model wrong {\n  data "sleepstudy.csv"\n  Reaction ~ Dayz + (1 | Subject)\n}\n',
  'wrong.js': "export { wrong } from './wrong.mm';\n",
  'raw.js': "export { default } from './sleepstudy.mm?raw';\n",
});
afterAll(() => project.remove());

async function bundle(entry: string, options: MmPluginOptions = {}): Promise<string> {
  const built = (await build({
    root: project.folder,
    configFile: false,
    logLevel: 'silent',
    plugins: [mmPlugin(options)],
    build: {
      write: false,
      minify: false,
      lib: { entry: project.path(entry), formats: ['es'], fileName: 'bundle' },
      rollupOptions: { external: [/^mmlang/] },
    },
  })) as Rollup.RollupOutput[];
  const [chunk] = built.flatMap(({ output }) => output);
  return chunk?.type === 'chunk' ? chunk.code : '';
}

describe('the plugin', () => {
  test('an imported model file is its graph, and its types stand beside it', async () => {
    const code = await bundle('main.ts');
    expect(code).toContain('modelFrom({');
    expect(code).not.toContain('parseProgram');
    expect(await project.typeProblems(['main.ts'])).toEqual([]);
    project.write('wrong-name.ts', readFileSync(project.path('main.ts'), 'utf8').replace('Days', 'Dayz'));
    expect(await project.typeProblems(['wrong-name.ts'])).toEqual([expect.stringContaining("'Dayz' does not exist")]);
  });

  test('the model and its data are watched; other files are not its own', async () => {
    const watched: string[] = [];
    const refuse = () => {
      throw new Error('nothing is wrong');
    };
    const hook: MmHook = { addWatchFile: (path) => void watched.push(path), warn: refuse, error: refuse };
    const { load } = mmPlugin({ declarations: false });
    await load.call(hook, project.path('sleepstudy.mm'));
    expect(watched).toEqual([project.path('sleepstudy.mm'), project.path('sleepstudy.csv')]);
    for (const id of ['main.ts', 'sleepstudy.mm?raw', '\0virtual.mm']) expect(await load.call(hook, id)).toBeNull();
  });

  test('types that have not changed are left alone', async () => {
    const before = statSync(project.path('sleepstudy.mm.d.ts')).mtimeMs;
    await bundle('main.ts');
    expect(statSync(project.path('sleepstudy.mm.d.ts')).mtimeMs).toBe(before);
  });

  test('types for nodenext, and none', async () => {
    await bundle('main.ts', { declarations: false });
    expect(existsSync(project.path('sleepstudy.d.mm.ts'))).toBe(false);
    await bundle('main.ts', { declarations: 'x.d.mm.ts' });
    const nodenext = { module: 'nodenext', moduleResolution: 'nodenext', allowArbitraryExtensions: true };
    project.write('package.json', '{ "type": "module" }');
    expect(await project.typeProblems(['main.ts'], nodenext)).toEqual([]);
    expect(await project.typeProblems(['wrong-name.ts'], nodenext)).toHaveLength(1);
  });

  test('a wrong model stops the bundler, at its place', async () => {
    const wrong = await bundle('wrong.js').catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(Error);
    expect(String(wrong)).toMatch(/MM231.*no column 'Dayz'.*did you mean 'Days'/s);
    expect(String(wrong)).toContain('wrong.mm:3:13');
    expect(existsSync(project.path('wrong.mm.d.ts'))).toBe(false);
  });

  test('the text of a model file can still be had', async () => {
    expect(await bundle('raw.js')).toContain('Reaction ~ normal(mu, sigma)');
  });
});
