# A pooled CRISPR screen: several guides cut each gene, and the log fold change of a guide says whether cells without that
# gene died out. Genes are neutral or essential; guides differ, within both classes, in how well they cut.
model crispr {
  data "crispr.csv"

  mixture z per gene {
    lfc ~ normal(mu, sigma)
    class neutral { mu = 1 + sum_to_zero(1 | guide) }
    class essential { mu = 1 + (1 | gene) + sum_to_zero(1 | guide) }
    labels known
  }
  order z by intercept descending
}
