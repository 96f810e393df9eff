"""Values of special functions, tails and quantiles to 17 digits, by mpmath at 60 digits (pip install mpmath).

python make.py > values.json
"""

import json
import sys

from mpmath import betainc, digamma, e1, erfc, exp, gammainc, log, loggamma, mp, mpf, nstr, polygamma, sqrt

mp.dps = 60


def number(x):
    return float(nstr(x, 20))


def m(x):
    return mpf(float(x))


def tail_gamma(x, a, upper):
    x, a = m(x), m(a)
    return gammainc(a, x, regularized=True) if upper else gammainc(a, 0, x, regularized=True)


def tail_beta(x, y, a, b):
    """Lower tail at x / (x + y)."""
    return betainc(a, b, 0, x / (x + y), regularized=True)


def student_two_sided(t, df):
    t, df = m(t), m(df)
    return tail_beta(df, t * t, df / 2, mpf(1) / 2)


def f_tails(f, d1, d2):
    f, d1, d2 = m(f), m(d1), m(d2)
    return tail_beta(d1 * f, d2, d1 / 2, d2 / 2), tail_beta(d2, d1 * f, d2 / 2, d1 / 2)


gammas = [1e-8, 0.03, 0.5, 0.99, 1.0, 1.3, 1.99, 2.01, 3.7, 9.99, 10.0, 25.3, 170.2, 1e4, 1e10]
out = {
    "mpmath": sys.modules["mpmath"].__version__,
    "gamma": [
        {
            "x": x,
            "lgamma": number(loggamma(m(x))),
            "digamma": number(digamma(m(x))),
            "trigamma": number(polygamma(1, m(x))),
            "tetragamma": number(polygamma(2, m(x))),
        }
        for x in gammas
    ],
    "scaledExpIntegral": [{"z": z, "value": number(exp(m(z)) * e1(m(z)))} for z in [1e-8, 0.1, 0.7, 0.999, 1.0, 1.7, 5, 38, 45, 700, 1e6]],
    "logBeta": [
        {"a": a, "b": b, "value": number(loggamma(m(a)) + loggamma(m(b)) - loggamma(m(a) + m(b)))}
        for a, b in [(0.5, 0.5), (2.2, 7.1), (0.01, 300.0), (1e8, 3.5), (1e6, 1e6)]
    ],
    "normal": [
        {"x": x, "cdf": number(erfc(-m(x) / sqrt(mpf(2))) / 2), "logCdf": number(log(erfc(-m(x) / sqrt(mpf(2))) / 2))}
        for x in [-37.0, -12.3, -5.7, -5.6, -2.0, -0.68, -0.67, -1e-3, 0.0, 0.3, 1.96, 5.0, 8.0]
    ],
    "incompleteGamma": [
        {"x": x, "shape": a, "lower": number(tail_gamma(x, a, False)), "upper": number(tail_gamma(x, a, True))}
        for a in [0.15, 0.5, 1.0, 3.7, 42.0, 1e3, 1e4]
        for x in [1e-3 * a, 0.3 * a, 0.9 * a, a, a + 0.7, 1.1 * a, 2 * a, 5 * a + 5]
    ],
    "student": [
        {"t": t, "df": df, "twoSided": number(student_two_sided(t, df))}
        for df in [0.3, 1.0, 1.5, 2.7, 10.0, 117.3, 1e4]
        for t in [1e-9, 0.3, 1.0, 1.96, 3.7, 10.0, 1e4]
    ],
    "f": [
        {"f": f, "df1": d1, "df2": d2, "lower": number(f_tails(f, d1, d2)[0]), "upper": number(f_tails(f, d1, d2)[1])}
        for d1 in [1.0, 4.5, 20.0]
        for d2 in [0.8, 3.3, 17.0, 3e3]
        for f in [1e-6, 0.1, 1.0, 2.0, 10.0, 300.0]
    ],
}
# what underflows a double is left out
out["f"] = [row for row in out["f"] if min(row["lower"], row["upper"]) > 1e-300]
out["student"] = [row for row in out["student"] if row["twoSided"] > 1e-300]
out["incompleteGamma"] = [row for row in out["incompleteGamma"] if min(row["lower"], row["upper"]) > 1e-300]
json.dump(out, sys.stdout, indent=1)
