// The screen of crispr.mm, with known classes. From the root of the repository:
// node scripts/run-ts.mjs examples/simulate-crispr.ts writes examples/crispr.csv again, the same to the last digit.
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

if (process.argv[1]?.includes('simulate-crispr')) writeFileSync('examples/crispr.csv', simulateScreen().csv);
