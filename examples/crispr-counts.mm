# A pooled CRISPR screen by its counts of reads: how many of a guide there are after the screen, for as many as there were
# before. Guides differ within both classes; the integrals over the guides of a gene are done by importance sampling.
model crispr_counts {
  data "crispr-counts.csv"

  mixture z per gene {
    after ~ poisson(lambda)
    class neutral, essential { log(lambda) = 1 + offset(log(before)) + sum_to_zero(1 | guide) }
  }
  order z by intercept descending

  fit em(draws = 250, seed = 1)
}
