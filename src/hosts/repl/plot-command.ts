import { nearestName } from '../../data/nearest-name.js';
import { type CommandLine, complain, misused, wordsOf } from './command-line.js';
import { caterpillarPlots } from './plots/caterpillar.js';
import type { PlotSize } from './plots/chart.js';
import { residualPlot, tracePlot } from './plots/fit-plots.js';
import { fitOf, isReady, readyModel } from './ready-model.js';
import { currentModel, type KeptFit, type Output, result, type Session, type Step } from './session.js';

export const plotKinds = ['caterpillar', 'residuals', 'profile', 'trace'] as const;
export type PlotKind = (typeof plotKinds)[number];

export function plotSize({ display }: Session, height = 16): PlotSize {
  return { width: Math.min(Math.max(display.width, 40), 100), height, unicode: display.unicode };
}

/** `:plot KIND [NAME ...]`; the kind may be shortened. */
export function plotCommand(session: Session, line: CommandLine): Step {
  const [word = '', ...names] = wordsOf(line.rest);
  const kind = plotKinds.filter((k) => word !== '' && k.startsWith(word));
  const [chosen] = kind;
  if (chosen === undefined || kind.length > 1) {
    const near = nearestName(word, plotKinds);
    const reason = word === '' ? 'a plot needs its kind' : `there is no plot '${word}'`;
    return misused(session, line, 'plot', near === undefined ? reason : `${reason}: did you mean ${near}?`);
  }
  switch (chosen) {
    case 'caterpillar':
      return unlessStep(session, line, (kept) => caterpillars(session, kept, names));
    case 'residuals':
      return unlessStep(session, line, ({ fit }) => residualPlot(fit, plotSize(session)));
    case 'trace':
      return unlessStep(session, line, ({ fit }) => {
        const plot = tracePlot(fit, plotSize(session));
        if (plot !== null) return plot;
        return fit.mixture === null
          ? { reason: 'this model was not fitted by EM: there is no trace', hint: 'it fits latent classes of groups' }
          : { reason: 'classes per row were fitted without EM: there is no trace', hint: undefined };
      });
    case 'profile':
      return profiles(session, line, names);
  }
}

interface Refusal {
  readonly reason: string;
  readonly hint: string | undefined;
}

/** A plot of the last fit, or why there is none. */
function unlessStep(session: Session, line: CommandLine, plot: (kept: KeptFit) => string | Refusal): Step {
  const refused: Refusal[] = [];
  const step = fitOf(session, line, (kept): Output[] => {
    const found = plot(kept);
    if (typeof found === 'string') return [result(found)];
    refused.push(found);
    return [];
  });
  const [first] = refused;
  return first === undefined ? step : complain(session, line, 'MM609', first);
}

function caterpillars(session: Session, { fit }: KeptFit, names: readonly string[]): string | Refusal {
  if (fit.ranef.length === 0) return { reason: 'the model has no random effects', hint: undefined };
  const chosen = fit.ranef.filter((effect) => names.length === 0 || names.includes(effect.group));
  if (chosen.length === 0) {
    const groups = [...new Set(fit.ranef.map((effect) => effect.group))];
    return { reason: `there is no random effect of ${names.join(', ')}`, hint: `there are ${groups.join(', ')}` };
  }
  return chosen.flatMap((effect) => caterpillarPlots(effect, plotSize(session))).join('\n\n');
}

function profiles(session: Session, line: CommandLine, names: readonly string[]): Step {
  const ready = readyModel(session, line, currentModel(session), null);
  if (!isReady(ready)) return ready;
  const { checked, data, told } = ready;
  const options = { method: 'profile', between: 8, ...(names.length === 0 ? {} : { only: names }) } as const;
  return {
    session,
    outputs: told,
    effect: {
      kind: 'run',
      job: { kind: 'confint', model: checked.compiled, table: data.table, options },
      purpose: { kind: 'profile', model: session.current },
    },
  };
}
