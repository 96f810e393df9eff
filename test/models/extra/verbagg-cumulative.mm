# Verbal aggression: the answers no, perhaps and yes as an ordered response, persons crossed with items.
model verbagg_cumulative {
  data "../../data/VerbAgg.csv" { resp: ordered("no", "perhaps", "yes"), mode: factor("want", "do") }
  contrasts btype = treatment(ref = "shout")

  resp ~ cumulative(eta, logit)
  eta = Anger + Gender + btype + situ + mode + (1 | id) + (1 | item)

  fit laplace
}
