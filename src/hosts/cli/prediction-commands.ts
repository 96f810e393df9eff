import { type Command, Option } from 'commander';
import type { BootstrapKind } from '../../bootstrap.js';
import type { PredictionType } from '../../predict.js';
import type { BootstrapCommandOptions } from './commands/bootstrap.js';
import type { PredictOptions } from './commands/predict.js';
import type { SimulateOptions } from './commands/simulate.js';
import type { SummaryOptions } from './commands/summary.js';
import type { CommandKit } from './inference-commands.js';
import { probability, seedNumber, wholeCount } from './option-numbers.js';
import { withOutputOptions } from './output-options.js';

const types = ['response', 'link', 'parameters', 'categories', 'classes'] as const satisfies readonly PredictionType[];

const bootstrapKinds = ['percentile', 'basic', 'bc'] as const satisfies readonly BootstrapKind[];

/** `mm predict`, `mm simulate`, `mm bootstrap` and `mm summary`. */
export function addPredictionCommands(kit: CommandKit): void {
  const { terminal, command, withModelOptions, done } = kit;
  withFit(
    withModelOptions(
      command(
        'predict',
        'Predict for new rows from a model, or from a fit that mm fit --save has written.',
        `  mm predict sleepstudy.mm --newdata new.csv --se
  mm fit sleepstudy.mm --save fit.json
  mm predict fit.json --newdata new.csv --interval prediction --output predicted.csv
  mm predict fit.json --newdata new.csv --re exclude --type link

Without --newdata it predicts for the rows of the fit. Standard errors and intervals hold the uncertainty of the coefficients and,
unless --re exclude leaves random effects out, that of the random effects.
Exit status: 0 done, 1 the model, the fit or the data are wrong, 2 wrong usage, 3 the fit has not converged.`,
      ),
    ),
  )
    .addOption(new Option('--type <what>', 'what is predicted').choices(types).default('response'))
    .addOption(
      new Option('--levels <how>', 'levels that the fit did not see: effects of zero, an error, or drawn effects')
        .choices(['population', 'error', 'draw'])
        .default('population'),
    )
    .addOption(new Option('--re <how>', 'random effects').choices(['include', 'exclude']).default('include'))
    .option('--se', 'also standard errors')
    .addOption(
      new Option('--interval <kind>', 'also intervals: of what is predicted, or of a new observation').choices([
        'confidence',
        'prediction',
      ]),
    )
    .addOption(new Option('--level <p>', 'of the intervals, between 0 and 1').argParser(probability).default(0.95))
    .addOption(new Option('--seed <number>', 'of effects that are drawn').argParser(seedNumber).default(1))
    .action(async (file: string, options: PredictOptions) => {
      const { predictCommand } = await import('./commands/predict.js');
      done(await predictCommand(file, options, terminal));
    });

  withFit(
    withModelOptions(
      command(
        'simulate',
        'Draw new responses from a model, or from a fit that mm fit --save has written.',
        `  mm simulate sleepstudy.mm --n 10 --seed 1 --output simulated.csv
  mm simulate fit.json --re kept --newdata new.csv

Without --newdata the rows are those of the fit. Prints CSV, a column for each response.
Exit status: 0 done, 1 the model, the fit or the data are wrong, 2 wrong usage, 3 the fit has not converged.`,
      ),
    ),
  )
    .addOption(new Option('--n <number>', 'how many responses').argParser(wholeCount).default(1))
    .addOption(
      new Option('--re <how>', 'random effects and classes: drawn anew, or kept as estimated')
        .choices(['new', 'kept'])
        .default('new'),
    )
    .addOption(new Option('--seed <number>', 'of what is drawn').argParser(seedNumber).default(1))
    .action(async (file: string, options: SimulateOptions) => {
      const { simulateCommand } = await import('./commands/simulate.js');
      done(await simulateCommand(file, options, terminal));
    });

  addBootstrapCommand(kit);
  addSummaryCommand(kit);
}

/** `mm summary`. */
function addSummaryCommand({ terminal, command, done }: CommandKit): void {
  withOutputOptions(
    command(
      'summary',
      'Print what was found by a fit that mm fit --save has written.',
      `  mm summary fit.json
  mm summary fit.json --ranef --output ranef.csv --table ranef

Neither the model nor its data are needed.
Exit status: 0 printed, 1 the file is no saved fit, 2 wrong usage, 3 the fit had not converged.`,
    )
      .argument('<file>', 'the saved fit')
      .option('--ranef', 'also give the random effects, level by level')
      .option('--fitted', 'also give the fitted values')
      .option('--json', 'print JSON'),
  )
    .option('--quiet', 'no warnings, notes or progress; errors are still told')
    .addOption(new Option('--color', 'colour the messages').default(undefined, 'on a terminal'))
    .option('--no-color', 'never colour the messages')
    .action(async (file: string, options: SummaryOptions) => {
      const { summaryCommand } = await import('./commands/summary.js');
      done(await summaryCommand(file, options, terminal));
    });
}

/** `mm bootstrap`. */
function addBootstrapCommand({ terminal, command, withModelOptions, done }: CommandKit): void {
  withModelOptions(
    command(
      'bootstrap',
      'Draw responses from a fit, fit each, and print intervals from the estimates.',
      `  mm bootstrap sleepstudy.mm
  mm bootstrap cbpp.mm --n 2000 --resume cbpp-replicates.jsonl
  mm bootstrap sleepstudy.mm --kind basic --parameter sigma Days --json

Replicate r depends on the seed and r alone: more threads or an interruption change nothing. Ctrl-C stops, shows what was done and,
with --resume, keeps it.
Exit status: 0 done, 1 the model or the data are wrong, 2 wrong usage, 3 the fit has not converged or the run was stopped.`,
    ),
  )
    .addOption(new Option('--n <number>', 'how many replicates').argParser(wholeCount).default(1000))
    .addOption(new Option('--seed <number>', 'of what is drawn').argParser(seedNumber).default(1))
    .addOption(
      new Option('--re <how>', 'random effects and classes: drawn anew, or kept as estimated')
        .choices(['new', 'kept'])
        .default('new'),
    )
    .addOption(new Option('--kind <name>', 'of the intervals').choices(bootstrapKinds).default('percentile'))
    .addOption(new Option('--level <p>', 'confidence level, between 0 and 1').argParser(probability).default(0.95))
    .option('--parameter <names...>', 'show only these, by the names in the table')
    .addOption(new Option('--threads <number>', 'at most; left out, as many as the machine has').argParser(wholeCount))
    .option('--resume <file>', 'keep replicates in this file, and go on from those it holds')
    .option('--output <file>', 'write the table to this file: JSON where its name ends in .json, else CSV')
    .option('--draws <file>', 'write the estimates of every replicate to this file, as --output')
    .option('--fit <method>', 'as for mm fit')
    .action(async (file: string, options: BootstrapCommandOptions) => {
      const { bootstrapCommand } = await import('./commands/bootstrap.js');
      done(await bootstrapCommand(file, options, terminal));
    });
}

function withFit(command: Command): Command {
  return command
    .option('--newdata <file>', 'the rows')
    .option('--output <file>', 'write the result to this file: JSON where its name ends in .json, else CSV')
    .option('--fit <method>', 'as for mm fit, where a model is fitted');
}
