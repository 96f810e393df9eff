// How much a refit with another response saves over a fresh fit, on the design of lme4's InstEval (73 421 ratings of 1128 lecturers by
// 2972 students) and on a generated one like it. Usage: npm run bench:refit [-- rounds] [clock=cpu]
import { readFileSync } from 'node:fs';
import { compile, type DataSource, type EngineOptions, parseTable } from '../src/index.js';
import { createRng } from '../src/kernels/rng.js';

interface DesignOfRatings {
  readonly name: string;
  readonly student: Int32Array;
  readonly lecturer: Int32Array;
  readonly department: Int32Array;
  readonly service: Int32Array;
}

const rng = createRng('refit bench');
const rows = 73_421;
const students = 2972;
const lecturers = 1128;
const departments = 14;

function generated(): DesignOfRatings {
  const student = new Int32Array(rows);
  const lecturer = new Int32Array(rows);
  const department = new Int32Array(rows);
  const service = new Int32Array(rows);
  const perField = Math.ceil(lecturers / departments);
  for (let r = 0; r < rows; r++) {
    student[r] = rng.integer(students);
    // mostly one's own field, sometimes one of two others; some lecturers teach many more than others
    const other = rng.uniform() < 0.7 ? 0 : 1 + rng.integer(2);
    const field = (student[r] + other) % departments;
    const popular = Math.floor(perField * rng.uniform() ** 2);
    lecturer[r] = Math.min(lecturers - 1, field * perField + popular);
    department[r] = Math.floor(lecturer[r] / perField);
    service[r] = rng.integer(2);
  }
  return { name: 'generated ratings', student, lecturer, department, service };
}

/** The design of the data in test/data, with labels in order of their first row. */
function instEval(): DesignOfRatings {
  const { table } = parseTable(readFileSync('test/data/InstEval.csv', 'utf8'));
  const codes = (name: string): Int32Array => {
    const column = table?.columns.get(name);
    const values = column?.kind === 'number' ? column.values : (column?.codes ?? []);
    const seen = new Map<number, number>();
    return Int32Array.from(values, (v) => {
      if (!seen.has(v)) seen.set(v, seen.size);
      return seen.get(v) ?? -1;
    });
  };
  const [student, lecturer, department, service] = ['s', 'd', 'dept', 'service'].map(codes);
  return { name: 'InstEval', student, lecturer, department, service };
}

const normals = (n: number, sd: number) => Float64Array.from({ length: n }, () => sd * rng.normal());

/** Ratings with the standard deviations that InstEval shows. */
function response({ student, lecturer, department, service }: DesignOfRatings): Float64Array {
  const bStudent = normals(students, 0.32);
  const bLecturer = normals(lecturers, 0.51);
  const bDepartment = normals(departments, 0.08);
  const e = normals(student.length, 1.18);
  return e.map(
    (v, r) => v + 3.28 - 0.09 * service[r] + bStudent[student[r]] + bLecturer[lecturer[r]] + bDepartment[department[r]],
  );
}

function factor(codes: Int32Array): { readonly codes: Int32Array; readonly levels: string[] } {
  return {
    codes,
    levels: Array.from({ length: 1 + codes.reduce((most, c) => Math.max(most, c), 0) }, (_, k) => `${k}`),
  };
}

const cpu = process.argv.includes('clock=cpu');
const clock = () => (cpu ? process.cpuUsage().user / 1000 : performance.now());

function timed<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const from = clock();
  const value = work();
  return { value, ms: clock() - from };
}

/** Median and least: the machine may be busy with other things. */
function summary(values: readonly number[]): { readonly middle: number; readonly least: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { middle: sorted[Math.floor(sorted.length / 2)], least: sorted[0] };
}
const rounds = Number(process.argv.slice(2).find((arg) => /^\d+$/.test(arg)) ?? 7);
const source = 'y ~ service + (1 | s) + (1 | d) + (1 | dept)';
const ways: readonly { readonly name: string; readonly options: EngineOptions }[] = [
  { name: 'estimates, standard errors, modes', options: { degreesOfFreedom: 'none' } },
  { name: "and Satterthwaite's df", options: { degreesOfFreedom: 'satterthwaite' } },
];

for (const design of [instEval(), generated()]) {
  const { student, lecturer, department, service } = design;
  const columns = { s: factor(student), d: factor(lecturer), dept: factor(department), service: factor(service) };
  const bind = (y: Float64Array) => compile(source).bind({ ...columns, y } satisfies DataSource, { engine: 'lmm' });
  const problem = bind(response(design));
  problem.fit();
  const first = timed(() => problem.refit(response(design)));
  console.log(`${design.name}: the first refit makes what the others share, ${first.ms.toFixed(0)} ms`);
  for (let warm = 0; warm < 2; warm++) problem.refit(response(design)); // compiles
  for (const { name, options } of ways) {
    const fresh: number[] = [];
    const again: number[] = [];
    let apart = 0;
    for (let round = 0; round < rounds; round++) {
      const y = response(design);
      const whole = timed(() => bind(y).fit(options));
      const refit = timed(() => problem.refit(y, options));
      fresh.push(whole.ms);
      again.push(refit.ms);
      apart = Math.max(apart, Math.abs(whole.value.objective - refit.value.objective));
      console.log(
        `  ${whole.value.evaluations} and ${refit.value.evaluations} evaluations, ${whole.ms.toFixed(0)} and ${refit.ms.toFixed(0)} ms`,
      );
    }
    const [slow, fast] = [summary(fresh), summary(again)];
    console.log(
      `${design.name}, ${name}: fresh ${slow.middle.toFixed(0)} ms (least ${slow.least.toFixed(0)}), refit ${fast.middle.toFixed(0)} ms (least ${fast.least.toFixed(0)}): ${(slow.middle / fast.middle).toFixed(1)} times faster (${(slow.least / fast.least).toFixed(1)}); objectives differ by at most ${apart.toExponential(1)}`,
    );
  }
}
