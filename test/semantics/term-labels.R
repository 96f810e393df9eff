# What R's terms() makes of formulas: labels in order, and the intercept. Run: Rscript term-labels.R > term-labels.json
suppressPackageStartupMessages(library(jsonlite))
set.seed(7)
variables <- c("a", "b", "c", "d", "I(x^2)", "poly(x, 3)", "log(x + 1)", "I(x > 2)", "factor(k)", "ns(x, df = 3)")

random <- function(depth) {
  if (depth == 0) return(sample(variables, 1, prob = c(rep(4, 4), rep(1, 6))))
  operator <- sample(c("+", ":", "*", "/", "-", "^", "+"), 1)
  left <- random(depth - 1)
  right <- random(sample(0:(depth - 1), 1))
  switch(operator,
    "^" = paste0("(", left, " + ", right, ")^", sample(2:3, 1)),
    "-" = paste0(left, " + ", right, " - ", sample(c("1", right), 1)),
    "+" = paste0(left, " + ", right),
    paste0("(", left, ")", operator, "(", right, ")"))
}
written <- c(
  "1", "0 + a", "a - 1", "a + 0", "-1 + a", "0 + a + 1", "a + b + a:b", "b + a:b", "a * b", "a / b", "a / b / c", "(a + b) / c",
  "a / (b + c)", "(a + b + c)^2", "(a + b + c)^3", "(a * b)^2", "a * b * c - a:b:c", "a * b - a", "a:b + a", "a:b:c + a + c:b",
  "I(x - 11) * a", "I(2 * x + 1)", "I(-x)", "I((x + 1) / 2)", "poly(x, 3):a", "a + (b + c):d", "(a + b):(c + d)", "c + b + a + a:c",
  "a + a", "a:a", "a * a", "a:b + b:a", "I(x^2 * 3 - 1) + I(x > 2 & k < 3)", "d + c:d:a + b:c", "1 + a:b - 1", "(a - 1) + b")
written <- written[!grepl("&", written)]
formulas <- unique(c(written, replicate(400, random(sample(1:4, 1)))))
formulas <- formulas[nchar(formulas) < 200]
cases <- lapply(formulas, function(f) {
  t <- terms(as.formula(paste("~", f)))
  list(formula = f, labels = as.list(attr(t, "term.labels")), intercept = attr(t, "intercept") == 1)
})
cat(toJSON(list(R = R.version.string, cases = cases), auto_unbox = TRUE, pretty = FALSE), "\n")
