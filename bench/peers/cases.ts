/** One model that every engine fits, from the same rows. `peers.R` has the formulas by the same names. */
export interface PeerCase {
  readonly name: string; // of the model file, and of the case in R
  readonly title: string;
  readonly model: string; // path
  readonly data: string; // path; 'contraception': simulated
}

const ofTests = (name: string, title: string, data: string): PeerCase => ({
  name,
  title,
  model: `test/models/${name}.mm`,
  data: `test/data/${data}.csv`,
});

export const peerCases: readonly PeerCase[] = [
  ofTests('cbpp-logit-laplace', 'cbpp, binomial, Laplace', 'cbpp'),
  ofTests('grouseticks-laplace', 'grouseticks, Poisson, three factors, Laplace', 'grouseticks'),
  ofTests('verbagg-laplace', 'VerbAgg, binary, two crossed factors, Laplace', 'VerbAgg'),
  {
    name: 'contraception',
    title: 'Contraception-like, binary, vector effect, Laplace',
    model: 'bench/peers/contraception.mm',
    data: 'contraception',
  },
  ofTests('sleepstudy-slope-reml', 'sleepstudy, REML', 'sleepstudy'),
  ofTests('maximal10-reml', 'simulated maximal, 10 theta, REML', 'sim_maximal'),
  ofTests('maximal20-reml', 'simulated maximal, 20 theta, crossed, REML', 'sim_maximal'),
  ofTests('theta36-ml', 'simulated maximal, 36 theta, ML', 'sim_theta36'),
  ofTests('insteval-service-reml', 'InstEval, service, three factors, REML', 'InstEval'),
  ofTests('insteval-servicedept-ml', 'InstEval, service by department, two factors, ML', 'InstEval'),
];
