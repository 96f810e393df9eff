# Lecture ratings: two ordered factors with polynomial contrasts, ML.
model insteval_ordered_ml {
  data "../data/InstEval.csv" { studage: ordered, lectage: ordered, service: factor }

  y ~ normal(mu, sigma)
  mu = studage + lectage + service + (1 | s) + (1 | d)

  fit ml
}
