// How much a refit with another response saves over a fresh fit, on a design like lme4's InstEval: 73 421 ratings of 1128 lecturers
// (each of one of 14 departments) by 2972 students, mostly of a few departments each. Usage: npm run bench:refit [-- rounds] [clock=cpu]
import { compile, type LmmProblem } from '../src/index.js';
import { createRng } from '../src/kernels/rng.js';

const rows = 73_421;
const students = 2972;
const lecturers = 1128;
const departments = 14;

const rng = createRng('refit bench');
const below = (n: number) => rng.integer(n);
const normals = (n: number, sd: number) => Float64Array.from({ length: n }, () => sd * rng.normal());

const student = new Int32Array(rows);
const lecturer = new Int32Array(rows);
const department = new Int32Array(rows);
const service = new Int32Array(rows);
const perField = Math.ceil(lecturers / departments);
for (let r = 0; r < rows; r++) {
  student[r] = below(students);
  // mostly one's own field, sometimes one of two others; some lecturers teach many more than others
  const other = rng.uniform() < 0.7 ? 0 : 1 + below(2);
  const field = (student[r] + other) % departments;
  const popular = Math.floor(perField * rng.uniform() ** 2);
  lecturer[r] = Math.min(lecturers - 1, field * perField + popular);
  department[r] = Math.floor(lecturer[r] / perField);
  service[r] = below(2);
}

/** Ratings with the standard deviations that InstEval shows. */
function response(): Float64Array {
  const bStudent = normals(students, 0.32);
  const bLecturer = normals(lecturers, 0.51);
  const bDepartment = normals(departments, 0.08);
  return Float64Array.from(
    { length: rows },
    (_, r) =>
      3.28 -
      0.09 * service[r] +
      bStudent[student[r]] +
      bLecturer[lecturer[r]] +
      bDepartment[department[r]] +
      1.18 * rng.normal(),
  );
}

const factor = (codes: Int32Array, n: number) => ({
  codes,
  levels: Array.from({ length: n }, (_, k) => String(k + 1)),
});
const columns = {
  s: factor(student, students),
  d: factor(lecturer, lecturers),
  dept: factor(department, departments),
  service: factor(service, 2),
};
const source = 'y ~ service + (1 | s) + (1 | d) + (1 | dept)';

function timed<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const from = clock();
  const value = work();
  return { value, ms: clock() - from };
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounds = Number(process.argv[2] ?? 5);
const cpu = process.argv.includes('clock=cpu');
const clock = () => (cpu ? process.cpuUsage().user / 1000 : performance.now());
const first = response();
const problem: LmmProblem = compile(source).bind({ ...columns, y: first }, { engine: 'lmm' });
problem.fit();
const ways = [
  { name: 'estimates, modes and standard errors', options: { degreesOfFreedom: 'none' } as const },
  { name: "the same with Satterthwaite's degrees of freedom", options: { degreesOfFreedom: 'satterthwaite' } as const },
];
for (const { name, options } of ways) {
  const fresh: number[] = [];
  const again: number[] = [];
  let apart = 0;
  for (let round = 0; round < rounds; round++) {
    const y = response();
    const whole = timed(() =>
      compile(source)
        .bind({ ...columns, y }, { engine: 'lmm' })
        .fit(options),
    );
    const refit = timed(() => problem.refit(y, options));
    fresh.push(whole.ms);
    again.push(refit.ms);
    apart = Math.max(apart, Math.abs(whole.value.objective - refit.value.objective));
    console.log(
      `  ${whole.value.evaluations} and ${refit.value.evaluations} evaluations, ${whole.ms.toFixed(0)} and ${refit.ms.toFixed(0)} ms, theta ${refit.value.theta.map((v) => Number(v.toFixed(4)))}`,
    );
  }
  const ratio = median(fresh) / median(again);
  console.log(
    `${name}: fresh fit ${median(fresh).toFixed(0)} ms, refit ${median(again).toFixed(0)} ms, ${ratio.toFixed(1)} times faster; objectives differ by at most ${apart.toExponential(1)}`,
  );
}
