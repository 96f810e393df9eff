// Times the block Cholesky on designs like those of mixed models. Usage: node bench/kernels.mjs [pattern name ...]
// backend=typescript, backend=wasm or backend=team runs one of them only, clock=cpu counts processor time; threads=3 is the size of
// the team, else 2.
// With `csv=FILE` (columns s, d, service, dept as in lme4's InstEval) the real incidence joins the list.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'mm-bench-'));
const outfile = join(folder, 'kernels.mjs');
const helper = join(folder, 'helper.cjs');
const options = { bundle: true, platform: 'node', logLevel: 'warning' };
await build({
  ...options,
  stdin: {
    contents: `export * from './src/kernels/block-cholesky.ts'; export { NodeTeam } from './src/hosts/workers/node-team.ts';`,
    resolveDir: '.',
  },
  format: 'esm',
  outfile,
});
await build({ ...options, entryPoints: ['src/hosts/workers/helper.ts'], format: 'cjs', outfile: helper });
const {
  analyze,
  buildPattern,
  factorize,
  flopCount,
  forwardSolve,
  logDeterminant,
  NodeTeam,
  selectedInverse,
  solve,
  valueCount,
} = await import(pathToFileURL(outfile).href);
process.on('exit', () => rmSync(folder, { recursive: true }));

let state = 12345;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
}
const below = (n) => Math.floor(random() * n);

/** One row per observation, one code per factor: the pairs of levels that meet. */
function fromCodes(levels, widths, codes) {
  const rows = codes[0].length;
  const factors = levels.length;
  const start = [0];
  for (const n of levels) start.push(start.at(-1) + n);
  const sizes = new Int32Array(start.at(-1));
  for (let f = 0; f < factors; f++) sizes.fill(widths[f], start[f], start[f + 1]);
  const many = (rows * factors * (factors - 1)) / 2;
  const i = new Int32Array(many);
  const j = new Int32Array(many);
  let k = 0;
  for (let f = 0; f < factors; f++) {
    for (let g = 0; g < f; g++) {
      for (let r = 0; r < rows; r++) {
        i[k] = start[f] + codes[f][r];
        j[k++] = start[g] + codes[g][r];
      }
    }
  }
  return { sizes, i, j };
}

const designs = {
  'dense 1000': () => ({ sizes: Int32Array.of(1000), i: new Int32Array(0), j: new Int32Array(0) }),
  'dense 4000': () => ({ sizes: Int32Array.of(4000), i: new Int32Array(0), j: new Int32Array(0) }),
  // As InstEval: 2972 students rate some of 1128 lecturers, mostly of the student's own field; 14 departments.
  ratings: () => {
    const rows = 73421;
    const students = new Int32Array(rows);
    const lecturers = new Int32Array(rows);
    const departments = new Int32Array(rows);
    for (let r = 0; r < rows; r++) {
      const s = below(2972);
      const field = s % 14;
      const inField = random() < 0.8;
      const d = Math.min(1127, inField ? field * 80 + below(81) : below(1128));
      students[r] = s;
      lecturers[r] = d;
      departments[r] = random() < 0.8 ? Math.min(13, Math.floor(d / 80)) : below(14);
    }
    return fromCodes([2972, 1128, 14], [1, 1, 1], [students, lecturers, departments]);
  },
  'one factor 1e5 x 2': () => fromCodes([100000], [2], [Int32Array.from({ length: 100000 }, (_, k) => k)]),
  'one factor 1e6 x 1': () => fromCodes([1000000], [1], [Int32Array.from({ length: 1000000 }, (_, k) => k)]),
  'nested 1e5 x 2 in 1000 x 2': () => {
    const inner = Int32Array.from({ length: 100000 }, (_, k) => k);
    return fromCodes([100000, 1000], [2, 2], [inner, inner.map((k) => Math.floor(k / 100))]);
  },
  'nested 1e5 x 2 in 1000 x 1 in 10 x 1': () => {
    const inner = Int32Array.from({ length: 100000 }, (_, k) => k);
    return fromCodes(
      [100000, 1000, 10],
      [2, 1, 1],
      [inner, inner.map((k) => Math.floor(k / 100)), inner.map((k) => Math.floor(k / 10000))],
    );
  },
  'crossed 6000 x 4000, 3e4 rows': () => crossed(6000, 4000, 30000),
  'crossed 6000 x 4000, 1e6 rows': () => crossed(6000, 4000, 1000000),
  'crossed 6000 x 300': () => crossed(6000, 300, 30000),
  'leaves 5e5 x 1 on 300': () => crossed(500000, 300, 1500000),
  'crossed slopes 1000 x 4, 400 x 4': () => crossed(1000, 400, 20000, 4),
};
function crossed(n, m, rows, width = 1) {
  const a = new Int32Array(rows);
  const b = new Int32Array(rows);
  for (let r = 0; r < rows; r++) {
    a[r] = r < n ? r : below(n);
    b[r] = below(m);
  }
  return fromCodes([n, m], [width, width], [a, b]);
}

const chosen = process.argv.slice(2);
const csv = chosen.find((name) => name.startsWith('csv='));
if (csv) {
  designs.InstEval = () => {
    const lines = readFileSync(csv.slice(4), 'utf8').trim().split('\n');
    const head = lines[0].split(',');
    const columns = ['s', 'd', 'dept'].map((name) => head.indexOf(name));
    const codes = columns.map(() => new Int32Array(lines.length - 1));
    const seen = columns.map(() => new Map());
    for (let r = 1; r < lines.length; r++) {
      const cells = lines[r].split(',');
      columns.forEach((c, f) => {
        const level = cells[c];
        if (!seen[f].has(level)) seen[f].set(level, seen[f].size);
        codes[f][r - 1] = seen[f].get(level);
      });
    }
    return fromCodes(
      seen.map((levels) => levels.size),
      [1, 1, 1],
      codes,
    );
  };
}

/** Diagonally dominant values, as Omega's are for small theta. */
function valuesOf(pattern) {
  const values = new Float64Array(valueCount(pattern));
  const total = new Float64Array(pattern.rowStart[pattern.nodes]);
  const { size, rowStart, columnStart, row, blockStart } = pattern;
  for (let j = 0; j < pattern.nodes; j++) {
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      for (let c = 0; c < size[j]; c++) {
        for (let r = 0; r < size[i]; r++) {
          if (i === j && r <= c) continue;
          const v = random() - 0.5;
          values[blockStart[e] + c * size[i] + r] = v;
          total[rowStart[i] + r] += Math.abs(v);
          total[rowStart[j] + c] += Math.abs(v);
        }
      }
    }
  }
  for (let j = 0; j < pattern.nodes; j++) {
    for (let c = 0; c < size[j]; c++) values[blockStart[columnStart[j]] + c * size[j] + c] = 1 + total[rowStart[j] + c];
  }
  return values;
}

/** Milliseconds; with `clock=cpu` of processor time, for machines that are busy with other things. */
const busy = process.argv.includes('clock=cpu');
const clock = () => (busy ? process.cpuUsage().user / 1000 : performance.now());

function best(work, limit = 2000) {
  let least = Infinity;
  const stop = performance.now() + limit;
  for (let k = 0; k < 15 && (k < 3 || performance.now() < stop); k++) {
    const from = clock();
    work();
    least = Math.min(least, clock() - from);
  }
  return least;
}
const ms = (x) => x.toFixed(x < 10 ? 2 : 1).padStart(8);

const names = chosen.filter((name) => !name.includes('='));
const backends = (chosen.find((name) => name.startsWith('backend='))?.slice(8) ?? 'typescript,wasm,team').split(',');
const threads = Number(chosen.find((name) => name.startsWith('threads='))?.slice(8) ?? 2);
const team = new NodeTeam(helper, threads);
for (const [name, design] of Object.entries(designs)) {
  if (names.length > 0 && !names.some((n) => name.includes(n))) continue;
  const { sizes, i, j } = design();
  let from = performance.now();
  const pattern = buildPattern(sizes, i, j);
  const built = performance.now() - from;
  const values = valuesOf(pattern);
  for (const backend of backends) {
    from = performance.now();
    const chol = analyze(pattern, backend === 'team' ? { team } : { backend });
    const analyzed = performance.now() - from;
    const flops = flopCount(chol);
    let status = 0;
    const factor = best(() => {
      status = factorize(chol, values);
    });
    if (status !== 0) throw new Error(`${name}: status ${status}`);
    const into = new Float64Array(values.length);
    const inverse = best(() => selectedInverse(chol, into));
    const rows = pattern.rowStart[pattern.nodes];
    const one = new Float64Array(rows).fill(1);
    const solved = best(() => solve(chol, one, 1), 300);
    const ten = new Float64Array(rows * 10).fill(1);
    const forward = best(() => forwardSolve(chol, ten, 10), 300);
    console.log(
      `${name.padEnd(38)} ${backend.padEnd(10)} pattern ${ms(built)} analyze ${ms(analyzed)} factor ${ms(factor)} ` +
        `(${(flops.factor / 1e9).toFixed(3)} GF, ${(flops.factor / factor / 1e6).toFixed(2)} GF/s) inverse ${ms(inverse)} ` +
        `(${(flops.inverse / inverse / 1e6).toFixed(2)} GF/s) solve1 ${ms(solved)} forward10 ${ms(forward)} ms; ` +
        `${chol.symbolic.supernodes} supernodes, ${chol.symbolic.panelStart.at(-1)} numbers, widest ${chol.symbolic.largestWidth}, logdet ${logDeterminant(chol).toFixed(6)}`,
    );
  }
}
