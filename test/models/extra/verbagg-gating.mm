# Verbal aggression: three classes of persons, whose probabilities depend on trait anger and gender.
model verbagg_gating {
  data "../../data/VerbAgg.csv" { mode: factor("want", "do") }

  mixture z per id {
    r2 ~ bernoulli(p)
    class calm, middling, irritable { logit(p) = btype + situ + mode }
  }
  prob(z) = softmax(1 + I(Anger - 20) + Gender, baseline = calm)
  order z by intercept

  fit em
}
