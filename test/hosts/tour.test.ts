import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mm, root } from './run-mm.js';

const hasBash = spawnSync('bash', ['-c', 'exit 0']).status === 0;

test.skipIf(!hasBash)('the tour of README.md can be followed word for word', () => {
  const [, tour = ''] =
    /## A tour[\s\S]*?```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  expect(tour.split('\n').length).toBeGreaterThan(8);
  const folder = mkdtempSync(join(tmpdir(), 'mm-tour-'));
  try {
    cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    const script = `set -e\nmm() { '${process.execPath}' '${mm}' "$@"; }\n${tour}`;
    const run = spawnSync('bash', ['-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    expect(run.stderr).not.toMatch(/error/);
    expect(run.status).toBe(0);
    // lme4: profile limits of the slope 7.358653 and 13.575919, by confint(profile(lmer(..., REML = FALSE)))
    for (const word of ['engine lmm', '251.41', '7.3587', '13.5759', 'AIC', '500 replicates', '180 rows, 3 columns'])
      expect(run.stdout).toContain(word);
    expect(existsSync(join(folder, 'sleep.json'))).toBe(true);
    expect(readFileSync(join(folder, 'sleep.html'), 'utf8')).toContain('Linear mixed model by REML');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
