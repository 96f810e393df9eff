import { slopeOf } from '../statistics.js';
import type { From } from '../store.js';
import { absent, fixed, markdownTable, number, text, three } from '../table.js';
import { threads } from '../team.js';
import { growthDesigns } from './designs.js';
import { growthCases, power } from './measure.js';
import type { GrowthPoint } from './picture.js';
import type { Grown } from './worker.js';

type Measured = Readonly<Record<string, From<Grown>>>;

/** @param mark  tells the run of a result, where there are several */
export function growthReport(measured: Measured, mark: (run: string) => string): string[] {
  const rows = growthCases.map(({ key, design, rows: n, way }, i) => {
    const p = measured[key];
    const first = i === 0 || growthCases[i - 1].design !== design;
    const cells = [
      `${first ? design.name : ''}${p === undefined ? '' : mark(p.run)}`,
      power(n) + { memory: '', file: ', file', threads: `, ${threads} threads` }[way],
    ];
    if (p === undefined) return [...cells, ...Array.from({ length: 8 }, () => absent)];
    return [
      ...cells,
      three(p.seconds),
      way === 'file' ? three(p.reading) : absent,
      three(p.processor),
      way === 'memory' ? three(p.warm) : absent,
      `${p.evaluations}`,
      fixed(p.columnsMiB, 1),
      fixed(p.peakMiB, 0),
      p.converged ? 'yes' : 'no',
    ];
  });
  const slopes = growthDesigns.map(({ name, about, power: expected }) => {
    const points = growthPoints(measured).filter((p) => p.name === name);
    const last = points.slice(-2);
    return [
      name,
      about,
      fixed(expected, 1),
      fixed(growthSlope(points), 2),
      last.length < 2 ? absent : `${fixed(growthSlope(last), 2)} (${power(last[0].rows)} to ${power(last[1].rows)})`,
    ];
  });
  return [
    '## Growth with the rows',
    '',
    'Each fit in a process of its own, without degrees of freedom. "First": cold, with everything that Node compiles, the columns in memory (or in a file, whose reading is then in it) and the binding of them to the model included; "again": processor time of a fit of the same rows once the code is compiled, by which slopes are fitted. "Columns": 8 bytes for a number and 4 for a level. The peak is that of the whole process after the first fit: Node, the columns, and where they are not read from a file the making of them, too.',
    '',
    ...markdownTable(
      [
        text('design'),
        text('rows'),
        number('first, s elapsed'),
        number('reading of it, s'),
        number('first, s of the processor'),
        number('again, s of the processor'),
        number('evaluations'),
        number('columns MiB'),
        number('peak MiB'),
        text('converged'),
      ],
      rows,
    ),
    '',
    'Slopes of log time on log rows by least squares, and between the two largest sizes; "work": the power of the rows with which the operations of one factorization grow, and so the slope that no waste and no fixed cost would leave.',
    '',
    ...markdownTable([text('design'), text('what'), number('work'), number('slope'), number('at the end')], slopes),
    '',
    '![seconds against rows](growth.svg)',
  ];
}

export function growthPoints(measured: Measured): GrowthPoint[] {
  return growthCases.flatMap(({ key, design, rows, way }) => {
    const p = measured[key];
    return p === undefined || way !== 'memory' ? [] : [{ name: design.name, rows, seconds: p.warm }];
  });
}

export function growthSlope(points: readonly GrowthPoint[]): number {
  return slopeOf(
    points.map((p) => Math.log(p.rows)),
    points.map((p) => Math.log(p.seconds)),
  );
}
