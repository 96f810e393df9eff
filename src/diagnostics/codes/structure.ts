import { define } from '../define.js';

/** MM3xx: the structure of the model, and which engine can fit it. */
export const structureCodes = {
  MM301: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is arithmetic, and a predictor is a sum of terms`,
    hint: (p) => `for the computed value write I(${p.text}), or give it a name with let`,
    replacement: (p) => `I(${p.text})`,
  }),
  MM302: define<{ text: string }>({
    severity: 'warning',
    message: (p) => `'${p.text}' crosses a term with itself, which is the term alone`,
    hint: (p) => `for the power write I(${p.text})`,
    replacement: (p) => `I(${p.text})`,
  }),
  MM303: define<{ name: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' is no covariance structure`,
    hint: () => 'the structures are us, diag, cs, homcs, ar1, car1, sum_to_zero',
  }),
  MM304: define<{ what: string; where: string }>({
    severity: 'error',
    message: (p) => `${p.what} cannot stand in ${p.where}`,
    hint: () => 'it can only be added to a predictor',
  }),
  MM305: define<{ name: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' is added twice to one predictor`,
  }),
  MM306: define<{ text: string; where: string; hint: string | undefined }>({
    severity: 'error',
    message: (p) => `'${p.text}' cannot stand in ${p.where}`,
    hint: (p) => p.hint,
  }),
  MM310: define<{ what: string; where: string }>({
    severity: 'error',
    message: (p) => `${p.what} can stand only ${p.where}`,
  }),
  MM311: define<{ name: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' is a second mixture`,
    hint: () => 'a model has at most one',
  }),
  MM312: define<{ first: string }>({
    severity: 'error',
    message: (p) => `the model has its data already, "${p.first}"`,
    hint: () => 'a model reads one file',
  }),
  MM313: define({
    severity: 'error',
    message: () => 'where needs a condition, which is true or false for each row',
    hint: () => 'compare with == != < <= > >=',
  }),
  MM314: define<{ name: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' is a number, and contrasts are codings of factors`,
    hint: (p) => `declare it: data { ${p.name}: factor }`,
  }),
  MM315: define<{ near: string | undefined }>({
    severity: 'error',
    message: () => 'a coding is treatment, sum, helmert or poly',
    hint: (p) => (p.near === undefined ? undefined : `did you mean '${p.near}'?`),
    replacement: (p) => p.near,
  }),
  MM316: define({
    severity: 'error',
    message: () => 'treatment takes the level that the others are compared with',
    hint: () => 'write treatment(ref = "level")',
  }),
  MM317: define({
    severity: 'error',
    message: () => 'the left side of ~ names neither a column nor a parameter',
  }),
  MM318: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is no grouping factor`,
    hint: () => 'right of | stands a column, a:b, or a/b; for crossed factors write two random effects',
  }),
  MM319: define<{ family: string }>({
    severity: 'error',
    message: (p) => `correlated errors need a normal response, not ${p.family}`,
    hint: () => 'put the correlation into a random effect: ar1(time | g)',
  }),
  MM320: define<{ family: string; argument: string; usage: string }>({
    severity: 'error',
    message: (p) => `${p.family} lacks its argument '${p.argument}'`,
    hint: (p) => `write ${p.usage}`,
  }),
  MM321: define<{ outer: string; text: string }>({
    severity: 'error',
    message: (p) => `${p.outer} takes a family, and '${p.text}' is none`,
    hint: (p) => `for instance ${p.outer}(poisson(lambda), ...)`,
  }),
  MM322: define<{ outer: string; inner: string; reason: string }>({
    severity: 'error',
    message: (p) => `${p.inner} cannot stand inside ${p.outer}: ${p.reason}`,
  }),
  MM324: define<{ name: string; value: string; support: string }>({
    severity: 'error',
    message: (p) => `${p.name} must be ${p.support}, not ${p.value}`,
  }),
  MM325: define<{ family: string; argument: string; text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' cannot stand for '${p.argument}' of ${p.family}`,
    hint: (p) => `name the parameter, and write its predictor as a statement of its own: ${p.argument} = ...`,
  }),
  MM326: define({
    severity: 'error',
    message: () => 'correlated errors are ar1, car1, cs or us of positions within a group',
    hint: () => 'write cor = ar1(time | group)',
  }),
  MM327: define<{ structure: string }>({
    severity: 'error',
    message: (p) => `${p.structure} needs one column of positions`,
    hint: (p) => `write ${p.structure}(time | group)`,
  }),
  MM328: define<{ structure: string }>({
    severity: 'error',
    message: (p) => `|| makes columns independent, which ${p.structure} does not`,
    hint: () => 'write |',
  }),
  MM329: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is a random effect without columns`,
    hint: () => 'write 1 | group for an intercept, 0 + x | group for a slope alone',
  }),
  MM330: define({
    severity: 'error',
    message: () => 'sum_to_zero holds the sum of intercepts at zero, so its block is one intercept',
    hint: () => 'write sum_to_zero(1 | group)',
  }),
  MM331: define<{ name: string; value: string }>({
    severity: 'error',
    message: (p) => `in a predictor a number is an intercept or none, so '${p.value}' is not a value of ${p.name}`,
    hint: (p) => `to hold it write fix ${p.name} = ${p.value}`,
    replacement: (p) => `fix ${p.name} = ${p.value}`,
  }),
  MM332: define<{ name: string }>({
    severity: 'error',
    message: (p) => `the predictor of ${p.name} is empty`,
    hint: (p) => `write 1 for an intercept, or fix ${p.name} = ...`,
  }),
  MM333: define<{ response: string; count: string }>({
    severity: 'error',
    message: (p) => `'${p.response}' has a second likelihood`,
    hint: () => 'a model has one likelihood, and a mixture one for each class',
  }),
  MM334: define<{ name: string; column?: string | undefined }>({
    severity: 'error',
    message: (p) => `${p.name} has no likelihood`,
    hint: (p) =>
      p.column === undefined
        ? 'write RESPONSE ~ family(...), for instance y ~ normal(mu, sigma)'
        : `'${p.column}' is a column: write ${p.column} ~ ..., not =`,
  }),
  MM335: define<{ name: string }>({
    severity: 'error',
    message: (p) => `'${p.name} =' is no statement of this language`,
    hint: () =>
      'the family stands in the likelihood and the link left of the predictor: y ~ poisson(lambda); log(lambda) = x',
  }),
  MM336: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' cannot be given a predictor`,
    hint: () => 'left of = stands a parameter, link(parameter), prob(mixture), or a new name',
  }),
  MM337: define<{ name: string }>({
    severity: 'error',
    message: (p) => `the named part '${p.name}' has no terms`,
    hint: () => 'a named part has no intercept of its own: it is a sum of columns, as in common = 0 + age',
  }),
  MM338: define<{ name: string; nested: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' names two blocks, ${p.nested}`,
    hint: () => 'give each a name of its own',
  }),
  MM339: define<{ text: string }>({
    severity: 'error',
    message: (p) => `the random effect ${p.text} stands twice in one predictor`,
  }),
  MM340: define<{ group: string; column: string }>({
    severity: 'warning',
    message: (p) =>
      `two random effects of ${p.group} both have the column ${p.column}: their variances cannot be told apart`,
    hint: () => 'leave it out of one of them with 0 +',
  }),
  MM341: define<{ engine: string; what: string; elsewhere: readonly string[] }>({
    severity: 'error',
    message: (p) => `no engine can fit this model: the ${p.engine} engine has no place for ${p.what}`,
    hint: (p) => (p.elsewhere.length === 0 ? undefined : p.elsewhere.join('; ')),
  }),
  MM342: define<{ successes: string; total: string; predictor: string }>({
    severity: 'error',
    message: () => 'cbind of successes and failures is not how trials are written here',
    hint: (p) => `write  ${p.successes} ~ binomial(${p.total}, p)  and  logit(p) = ${p.predictor}`,
  }),
  MM343: define<{ name: string; value: string }>({
    severity: 'error',
    message: (p) => `${p.name} is ${p.value} in the likelihood and has a predictor as well`,
    hint: (p) => `write ${p.name} in the place of ${p.value}, or drop the predictor`,
  }),
  MM344: define<{ name: string; link: string; support: string }>({
    severity: 'warning',
    message: (p) => `without a link the predictor of ${p.name} can leave its range (${p.support})`,
    hint: (p) => `write ${p.link}(${p.name}) = ...`,
    replacement: (p) => `${p.link}(${p.name})`,
  }),
  MM345: define<{ family: string }>({
    severity: 'error',
    message: (p) => `weights divide a residual variance, and ${p.family} has none of its own`,
    hint: () => 'for trials write binomial(size, p); for exposure add offset(log(exposure))',
  }),
  MM346: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `there is no method '${p.name}'`,
    hint: (p) =>
      p.near === undefined ? 'the methods are reml, ml, laplace, agq(k) and em(...)' : `did you mean '${p.near}'?`,
    replacement: (p) => p.near,
  }),
  MM347: define<{ option: string; value: string }>({
    severity: 'error',
    message: (p) => `'${p.option}' is a whole number${p.option === 'seed' ? '' : ', 1 or more'}, not ${p.value}`,
  }),
  MM348: define({
    severity: 'error',
    message: () => 'agq needs its number of points',
    hint: () => 'write agq(25)',
  }),
  MM349: define<{ name: string }>({
    severity: 'error',
    message: (p) => `the mixture '${p.name}' has no classes`,
    hint: () => 'write class NAME { ... } inside it',
  }),
  MM350: define<{ class: string }>({
    severity: 'error',
    message: (p) => `the probability of '${p.class}' lies between 0 and 1, and a predictor does not`,
    hint: (p) => `write logit(prob(${p.class})) = ...`,
  }),
  MM351: define<{ name: string; text: string }>({
    severity: 'error',
    message: () => 'class probabilities are a softmax of predictors',
    hint: (p) => `write prob(${p.name}) = softmax(${p.text})`,
  }),
  MM352: define<{ count: number }>({
    severity: 'error',
    message: (p) => `the logit of one class's probability is for two classes, and there are ${p.count}`,
    hint: () => 'write prob(NAME) = softmax(..., baseline = CLASS)',
  }),
  MM353: define<{ name: string; location: boolean }>({
    severity: 'error',
    message: (p) => `${p.name} is not one number: it has a predictor`,
    hint: (p) =>
      p.name.startsWith('prob(')
        ? 'class probabilities with predictors have no prior of their own'
        : p.location
          ? 'name its coefficients: intercept, beta, beta[x]'
          : `name a coefficient of its predictor: ${p.name}[x] or ${p.name}[intercept]`,
  }),
  MM354: define<{ what: string; parameter: string }>({
    severity: 'error',
    message: (p) => `the predictor of ${p.parameter} does not have ${p.what}`,
  }),
  MM355: define<{ name: string }>({
    severity: 'error',
    message: (p) => `the columns of ${p.name} are independent, so it has no correlations`,
    hint: () => 'write | instead of || to estimate them',
  }),
  MM356: define<{ name: string; count: number }>({
    severity: 'error',
    message: (p) => `there are ${p.count} random effects of ${p.name}`,
    hint: (p) => `name the one you mean, v = (1 | ${p.name}), use v in the predictor, and write v here`,
  }),
  MM357: define<{ name: string; argument: string }>({
    severity: 'error',
    message: (p) => `${p.name} lacks its ${p.argument} matrix`,
    hint: (p) =>
      `write ${p.argument} = diag(...) or [[...], [...]]; ${p.argument} = inf is improper and allowed for wishart`,
  }),
  MM358: define<{ name: string; argument: string; value: string }>({
    severity: 'note',
    message: (p) => `${p.argument} = ${p.value} makes this ${p.name} improper: its constants are left out`,
  }),
  MM359: define<{ name: string; argument: string; value: string }>({
    severity: 'error',
    message: (p) => `${p.argument} of ${p.name} cannot be ${p.value}`,
    hint: (p) => `it must be ${p.argument === 'mean' || p.argument === 'location' ? 'finite' : 'positive'}`,
  }),
  MM360: define<{ lower: string; upper: string }>({
    severity: 'error',
    message: (p) => `the lower bound ${p.lower} is not below the upper bound ${p.upper}`,
  }),
  MM361: define<{ name: string; argument: string; needs: string }>({
    severity: 'error',
    message: (p) => `${p.argument} of ${p.name} must be ${p.needs}`,
  }),
  MM362: define<{ argument: string; found: number; needed: number }>({
    severity: 'error',
    message: (p) => `${p.argument} has dimension ${p.found}, and the left side has ${p.needed}`,
  }),
  MM363: define<{ argument: string; reason: string }>({
    severity: 'error',
    message: (p) => `the matrix ${p.argument} is not ${p.reason}`,
  }),
  MM364: define<{ name: string; df: string; least: string; size: number }>({
    severity: 'error',
    message: (p) => `df = ${p.df} is too small: ${p.name} of a ${p.size} x ${p.size} matrix needs more than ${p.least}`,
  }),
  MM365: define<{ left: string; right: string; predictor: string | undefined }>({
    severity: 'error',
    message: (p) => `'${p.right}' is no distribution, and '${p.left}' is a parameter`,
    hint: (p) => (p.predictor === undefined ? undefined : `for a predictor write ${p.predictor}`),
  }),
  MM366: define<{ text: string; name: string; is: string; needs: string }>({
    severity: 'error',
    message: (p) => `${p.name} is a distribution of ${p.needs}, and '${p.text}' is ${p.is}`,
  }),
  MM367: define<{ text: string; name: string }>({
    severity: 'error',
    message: (p) => `${p.name} is a distribution of positive numbers, and '${p.text}' may be negative`,
  }),
  MM368: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is neither on the scale of the data nor relative to sigma`,
    hint: () => 'relative to sigma are sd(g) / sigma, sd(g)^2 / sigma^2 and cov(g) / sigma^2',
  }),
  MM369: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is relative to sigma already, so its prior cannot mention sigma again`,
  }),
  MM370: define<{ left: string; first: string }>({
    severity: 'error',
    message: (p) => `'${p.left}' has a prior already, that of '${p.first}'`,
    hint: () => 'a statement on one coefficient replaces a general one; two of equal reach contradict each other',
  }),
  MM371: define({
    severity: 'error',
    message: () => 'the penalty is a constant: it names no parameter',
  }),
  MM372: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is not a parameter that can be held`,
    hint: () => 'fix sigma = 2, fix sigma^2 = 4, fix sd(g)[x] = 1, fix cor(g) = 0, fix beta[x] = 0',
  }),
  MM373: define<{ text: string }>({
    severity: 'error',
    message: (p) => `a parameter is held at a number, not at '${p.text}'`,
  }),
  MM374: define<{ text: string; what: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is ${p.what}`,
  }),
  MM375: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is not one number in each class, different from class to class`,
    hint: () => 'order by intercept, beta[x], or a parameter that each class has of its own',
  }),
  MM376: define<{ text: string; class: string }>({
    severity: 'error',
    message: (p) => `class '${p.class}' has no '${p.text}' to be ordered by`,
  }),
  MM377: define<{ name: string; what: string; likelihood: string; predictor: string }>({
    severity: 'note',
    message: (p) => `this formula takes '${p.name}' as normal, and it is ${p.what}`,
    hint: (p) => `write  ${p.likelihood}  and  ${p.predictor}`,
  }),
  MM378: define<{ group: string; columns: number; count: number; levels: number | null }>({
    severity: 'warning',
    message: (p) =>
      `the random effect of ${p.group} has ${p.count} variance parameters${p.levels === null ? '' : ` for ${p.levels} levels`}`,
    hint: (p) =>
      p.columns > 1
        ? `with || instead of | it would have ${p.columns}`
        : 'fewer columns make fewer variance parameters',
  }),
  MM379: define<{ first: string; second: string; mixture: string }>({
    severity: 'warning',
    message: (p) => `the classes '${p.first}' and '${p.second}' have the same body, so nothing tells which is which`,
    hint: (p) => `add  order ${p.mixture} by intercept`,
  }),
  MM380: define<{ mixture: string }>({
    severity: 'warning',
    message: () => 'a class with one row and its own sigma has an unbounded likelihood as its sigma goes to zero',
    hint: () => 'share sigma, or give it a prior: sigma^2 ~ inverse_gamma(2, 1) on the scale of your response',
  }),
  MM381: define<{ engine: string; what: string; elsewhere: readonly string[] }>({
    severity: 'error',
    message: (p) => `no engine can fit this model yet: the ${p.engine} engine of this version lacks ${p.what}`,
    hint: (p) => (p.elsewhere.length === 0 ? undefined : p.elsewhere.join('; ')),
  }),
  MM382: define<{ method: string; engine: string; known: string }>({
    severity: 'error',
    message: (p) => `the method ${p.method} is not for this model, which is fitted by the ${p.engine} engine`,
    hint: (p) =>
      `its methods are ${p.known}${p.method === 'reml' ? '; restricted likelihood is defined for normal responses' : ''}`,
  }),
  MM383: define<{ text: string; reason: string; hint: string | undefined }>({
    severity: 'error',
    message: (p) => `'${p.text}' is no method: ${p.reason}`,
    hint: (p) => p.hint ?? 'the methods are reml, ml, laplace, agq(k) and em(...)',
  }),
  MM384: define<{ name: string; known: string }>({
    severity: 'error',
    message: (p) => `there is no model '${p.name}'`,
    hint: (p) => `the file has ${p.known}`,
  }),
  MM385: define<{ engine: string; what: string; elsewhere: readonly string[] }>({
    severity: 'error',
    message: (p) => `${p.what} needs the ${p.engine} engine, which this version does not have`,
    hint: (p) => (p.elsewhere.length === 0 ? undefined : p.elsewhere.join('; ')),
  }),
  MM386: define<{ name: string }>({
    severity: 'error',
    message: (p) => `the named part '${p.name}' holds a random effect, and parts are sums of fixed effects`,
    hint: () => 'give the random effect a name of its own, v = (1 | g), and add both',
  }),
  MM387: define<{ text: string }>({
    severity: 'error',
    message: (p) => `the classes share what '${p.text}' is about`,
    hint: () => 'put this statement outside of the classes',
  }),
  MM388: define<{ text: string }>({
    severity: 'error',
    message: (p) => `reml integrates the coefficients out, and with '${p.text}' that has no closed form`,
    hint: () => 'write fit ml; normal priors of coefficients can stay with reml',
  }),
  MM389: define<{ text: string }>({
    severity: 'note',
    message: (p) => `fitted by ml, not by reml: with '${p.text}' the coefficients cannot be integrated out`,
    hint: () => 'fit ml says so and leaves this note out',
  }),
  MM390: define<{ text: string; where: string }>({
    severity: 'error',
    message: (p) => `the posterior has no maximum: the density of '${p.text}' is infinite ${p.where}`,
    hint: () =>
      'a mode needs a bounded density: a shape of at least 1 for gamma and beta, df of at least rows + 1 for wishart, eta of at least 1 for lkj',
  }),
  MM391: define<{ name: string }>({
    severity: 'error',
    message: (p) => `the levels of ${p.name} have positions of their own, so it has no one covariance matrix`,
    hint: (p) => `give priors to sd(${p.name}) and cor(${p.name})`,
  }),
  MM392: define<{ name: string }>({
    severity: 'note',
    message: (p) => `the classes of '${p.name}' are drawn per row, so their sum has a closed form: nothing is sampled`,
    hint: () => 'fit laplace says so and leaves this note out',
  }),
};
