# Lecture ratings: students, lecturers and departments crossed, REML.
model insteval_service_reml {
  data "../data/InstEval.csv" { service: factor }

  y ~ normal(mu, sigma)
  mu = 1 + service + (1 | s) + (1 | d) + (1 | dept)

  fit reml
}
