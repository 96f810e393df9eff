# Lecture ratings: service by department as fixed effects, students and lecturers crossed, ML.
model insteval_servicedept_ml {
  data "../data/InstEval.csv" {
    service: factor,
    dept: factor("15", "5", "10", "12", "6", "7", "4", "8", "9", "14", "1", "3", "11", "2")
  }

  y ~ normal(mu, sigma)
  mu = 1 + service * dept + (1 | s) + (1 | d)

  fit ml
}
