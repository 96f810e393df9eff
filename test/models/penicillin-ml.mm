# Plates crossed with samples, ML.
model penicillin_ml {
  data "../data/Penicillin.csv"

  diameter ~ 1 + (1 | plate) + (1 | sample)

  fit ml
}
