/** What is timed: a fit, a refit of another response, a thousand parametric bootstrap refits, the profiles of all parameters. */
export type PeerTask = 'fit' | 'refit' | 'bootstrap' | 'profile' | 'curve';

/** Rows that a file holds, or that are made once and kept in a cache. */
export type PeerData = { readonly file: string } | { readonly generated: 'contraception' | 'million' };

/** One model that every engine fits, from the same rows. `peers.R` has the formulas by the same names. */
export interface PeerCase {
  readonly name: string; // of the case in R
  readonly title: string;
  readonly task: PeerTask;
  readonly model: string; // path
  readonly data: PeerData;
  readonly generalised: boolean; // a GLMM
  readonly large: boolean; // some of its matrices are large enough for threads to share
}

function ofTests(name: string, title: string, data: string, generalised = false, large = false): PeerCase {
  return {
    name,
    title,
    task: 'fit',
    model: `test/models/${name}.mm`,
    data: { file: `test/data/${data}.csv` },
    generalised,
    large,
  };
}

/** By maximum likelihood: a refit of a REML fit by lme4 1.1-31 ends elsewhere than its fit of the same response. */
function ofSleepstudy(task: PeerTask, title: string): PeerCase {
  return {
    name: `sleepstudy-${task}`,
    title,
    task,
    model: 'test/models/sleepstudy-slope-ml.mm',
    data: { file: 'test/data/sleepstudy.csv' },
    generalised: false,
    large: false,
  };
}

export const peerCases: readonly PeerCase[] = [
  ofTests('sleepstudy-slope-reml', 'sleepstudy, REML', 'sleepstudy'),
  ofSleepstudy('refit', 'sleepstudy, refit of another response, ML'),
  ofSleepstudy('bootstrap', 'sleepstudy, 1,000 bootstrap refits, ML'),
  ofSleepstudy('profile', 'sleepstudy, profile: 95 % limits of 6 parameters, ML'),
  ofSleepstudy('curve', 'sleepstudy, profile: 6 whole curves, ML'),
  ofTests('penicillin-reml', 'Penicillin, two crossed factors, REML', 'Penicillin'),
  ofTests('pastes-nested-reml', 'Pastes, nested factors, REML', 'Pastes'),
  ofTests('insteval-service-reml', 'InstEval, service, three factors, REML', 'InstEval', false, true),
  ofTests('insteval-servicedept-ml', 'InstEval, service by department, two factors, ML', 'InstEval', false, true),
  ofTests('maximal10-reml', 'simulated maximal, 10 theta, REML', 'sim_maximal'),
  ofTests('maximal20-reml', 'simulated maximal, 20 theta, crossed, REML', 'sim_maximal'),
  ofTests('theta36-ml', 'simulated maximal, 36 theta, ML', 'sim_theta36'),
  ofTests('cbpp-logit-laplace', 'cbpp, binomial, Laplace', 'cbpp', true),
  ofTests('cbpp-logit-agq11', 'cbpp, binomial, AGQ 11', 'cbpp', true),
  ofTests('grouseticks-laplace', 'grouseticks, Poisson, three factors, Laplace', 'grouseticks', true),
  ofTests('verbagg-laplace', 'VerbAgg, binary, two crossed factors, Laplace', 'VerbAgg', true),
  {
    name: 'contraception',
    title: 'Contraception-like, binary, vector effect, Laplace',
    task: 'fit',
    model: 'bench/peers/contraception.mm',
    data: { generated: 'contraception' },
    generalised: true,
    large: false,
  },
  {
    name: 'million',
    title: '1e6 rows, 1e5 groups, random slope, REML',
    task: 'fit',
    model: 'bench/peers/million.mm',
    data: { generated: 'million' },
    generalised: false,
    large: false,
  },
];
