# Recipe and temperature as a number, replicates within recipes, ML.
model cake_temp_ml {
  data "../data/cake.csv"

  angle ~ recipe + temp + (1 | recipe:replicate)

  fit ml
}
