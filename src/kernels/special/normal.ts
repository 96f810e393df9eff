/**
 * The standard normal distribution, accurate in both tails. Coefficients: W. J. Cody (1969), Rational Chebyshev
 * approximations for the error function, Math. Comp. 23, in the arrangement of Cody (1993), ACM Algorithm 715
 * (quantile: M. J. Wichura (1988), Algorithm AS 241, PPND16).
 */
const sqrt2Pi = Math.sqrt(2 * Math.PI);
export const halfLog2Pi = Math.log(2 * Math.PI) / 2;

const nearA = [2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356];
const nearLast = 0.06568233791820745;
const nearB = [47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];
const middleC = [
  0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002, 2494.5375852903726, 6848.190450536283,
  11602.65143764735, 9842.714838383978, 1.0765576773720192e-8,
];
const middleD = [
  22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097, 34900.95272114598,
  38912.00328609327, 19685.429676859992,
];
const farP = [
  0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934, 0.000029112874951168793,
  0.023073441764940174,
];
const farQ = [
  1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 0.00007297515550839662,
];

export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / sqrt2Pi;
}

/** P(X > x) / density(x) for any x; beyond -38 it overflows to Infinity. */
export function millsRatio(x: number): number {
  if (x < 0.67448975) return normalUpper(x) / normalDensity(x);
  return upperScaled(x) * sqrt2Pi;
}

/** exp(x^2 / 2) P(X > x) for x >= 0.67448975. */
function upperScaled(x: number): number {
  if (x < 5.656854249492381) {
    let numerator = middleC[8] * x;
    let denominator = x;
    for (let i = 0; i < 7; i++) {
      numerator = (numerator + middleC[i]) * x;
      denominator = (denominator + middleD[i]) * x;
    }
    return (numerator + middleC[7]) / (denominator + middleD[7]);
  }
  const s = 1 / (x * x);
  let numerator = farP[5] * s;
  let denominator = s;
  for (let i = 0; i < 4; i++) {
    numerator = (numerator + farP[i]) * s;
    denominator = (denominator + farQ[i]) * s;
  }
  return (1 / sqrt2Pi - (s * (numerator + farP[4])) / (denominator + farQ[4])) / x;
}

/** P(0 < X < x) for |x| <= 0.67448975, odd in x. */
function centre(x: number): number {
  const s = x * x;
  let numerator = nearLast * s;
  let denominator = s;
  for (let i = 0; i < 3; i++) {
    numerator = (numerator + nearA[i]) * s;
    denominator = (denominator + nearB[i]) * s;
  }
  return (x * (numerator + nearA[3])) / (denominator + nearB[3]);
}

function normalUpper(x: number): number {
  const a = Math.abs(x);
  if (a < 0.67448975) return 0.5 - centre(x);
  // x^2 in two parts: the rounding of x * x alone would cost digits far out
  const rounded = Math.trunc(a * 16) / 16;
  const tail = Math.exp((-rounded * rounded) / 2) * Math.exp((-(a - rounded) * (a + rounded)) / 2) * upperScaled(a);
  return x > 0 ? tail : 1 - tail;
}

export function normalCdf(x: number): number {
  return normalUpper(-x);
}

/** log P(X <= x), finite for every finite x. */
export function logNormalCdf(x: number): number {
  if (x > -0.67448975) return Math.log1p(-normalUpper(x));
  return (-x * x) / 2 + Math.log(upperScaled(-x));
}

const quantileA = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const quantileB = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852546,
];
const quantileC = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const quantileD = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const quantileE = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const quantileF = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
  1.421511758316446e-7, 2.0442631033899397e-15,
];

function ratio(top: readonly number[], bottom: readonly number[], r: number): number {
  let a = top[7];
  let b = bottom[7];
  for (let i = 6; i >= 0; i--) {
    a = a * r + top[i];
    b = b * r + bottom[i];
  }
  return a / b;
}

/** The inverse of `normalCdf`; -Infinity at 0, Infinity at 1, NaN outside. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(quantileA, quantileB, 0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return tail === 0 ? Math.sign(q) * Number.POSITIVE_INFINITY : Number.NaN;
  const r = Math.sqrt(-Math.log(tail));
  const z = r <= 5 ? ratio(quantileC, quantileD, r - 1.6) : ratio(quantileE, quantileF, r - 5);
  return q < 0 ? -z : z;
}
