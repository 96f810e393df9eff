// The screens of crispr.mm and crispr-counts.mm, with known classes. From the root of the repository:
// node scripts/run-ts.mjs examples/simulate-crispr.ts writes both data files again, the same to the last digit.
import { writeFileSync } from 'node:fs';
import seedrandom from 'seedrandom';

export type GeneClass = 'neutral' | 'essential';

/** What the screen is made with: of each class its share, mean, and how far genes and guides differ; noise of a replicate. */
export const screenTruth = {
  neutral: { share: 0.8, mean: 0.05, geneSd: 0, guideSd: 0.2 },
  essential: { share: 0.2, mean: -1.6, geneSd: 0.5, guideSd: 0.6 },
  noise: 0.35,
} as const;

const genes = 200;
const guidesPerGene = 4;
const replicates = 2;

export interface Screen {
  readonly csv: string;
  readonly classOf: ReadonlyMap<string, GeneClass>;
  /** Effects of the guides as drawn, by class. */
  readonly guideEffects: Readonly<Record<GeneClass, readonly number[]>>;
}

export function simulateScreen(): Screen {
  const uniform = seedrandom('a screen of guides');
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const lines = ['gene,guide,replicate,lfc,known'];
  const classOf = new Map<string, GeneClass>();
  const guideEffects = { neutral: [] as number[], essential: [] as number[] };
  for (let g = 1; g <= genes; g++) {
    const gene = `G${String(g).padStart(3, '0')}`;
    const own: GeneClass = uniform() < screenTruth.essential.share ? 'essential' : 'neutral';
    const { mean, geneSd, guideSd } = screenTruth[own];
    const strength = mean + geneSd * normal();
    classOf.set(gene, own);
    // every tenth gene is a control, whose class is known beforehand
    const known = g % 10 === 0 ? own : 'NA';
    for (let j = 1; j <= guidesPerGene; j++) {
      const effect = guideSd * normal();
      guideEffects[own].push(effect);
      for (let r = 1; r <= replicates; r++)
        lines.push(
          `${gene},${gene}_${j},${r},${(strength + effect + screenTruth.noise * normal()).toFixed(3)},${known}`,
        );
    }
  }
  return { csv: `${lines.join('\n')}\n`, classOf, guideEffects };
}

/** The screen of counts: log rates relative to the reads before, and how far guides differ. */
export const countTruth = {
  neutral: { share: 0.75, mean: 0, guideSd: 0.25 },
  essential: { share: 0.25, mean: -1.5, guideSd: 0.6 },
} as const;

/** Reads of 60 genes with three guides each, before the screen and in two replicates after it. */
export function simulateCounts(): Screen {
  const uniform = seedrandom('a screen of counts');
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const lines = ['gene,guide,replicate,before,after'];
  const classOf = new Map<string, GeneClass>();
  const guideEffects = { neutral: [] as number[], essential: [] as number[] };
  for (let g = 1; g <= 60; g++) {
    const gene = `G${String(g).padStart(2, '0')}`;
    const own: GeneClass = uniform() < countTruth.essential.share ? 'essential' : 'neutral';
    const { mean, guideSd } = countTruth[own];
    classOf.set(gene, own);
    for (let j = 1; j <= 3; j++) {
      const before = Math.round(Math.exp(3.2 + 0.5 * normal()));
      const effect = guideSd * normal();
      guideEffects[own].push(effect);
      for (let r = 1; r <= 2; r++)
        lines.push(`${gene},${gene}_${j},${r},${before},${poisson(before * Math.exp(mean + effect), uniform)}`);
    }
  }
  return { csv: `${lines.join('\n')}\n`, classOf, guideEffects };
}

function poisson(mean: number, uniform: () => number): number {
  const waiting = (): number => -Math.log(1 - uniform());
  let count = 0;
  for (let time = waiting(); time < mean; time += waiting()) count++;
  return count;
}

if (process.argv[1]?.includes('simulate-crispr')) {
  writeFileSync('examples/crispr.csv', simulateScreen().csv);
  writeFileSync('examples/crispr-counts.csv', simulateCounts().csv);
}
