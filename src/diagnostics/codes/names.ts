import { define } from '../define.js';

const didYouMean = (p: { near: string | undefined }) =>
  p.near === undefined ? undefined : `did you mean '${p.near}'?`;
const nearName = (p: { near: string | undefined }) => p.near;

/** MM2xx: names and types. */
export const nameCodes = {
  MM201: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `'${p.name}' is neither a column of the data nor a parameter of the model`,
    hint: didYouMean,
    replacement: nearName,
  }),
  MM202: define<{ name: string; what: string }>({
    severity: 'error',
    message: (p) => `the ${p.what} '${p.name}' has the name of a column of the data`,
    hint: () => 'give it a name that no column has',
  }),
  MM203: define<{ name: string; what: string }>({
    severity: 'error',
    message: (p) => `${p.what} '${p.name}' is defined twice`,
    hint: () => 'keep one of the two',
  }),
  MM204: define<{ name: string; what: string }>({
    severity: 'warning',
    message: (p) => `${p.what} '${p.name}' is never used`,
    hint: (p) => `put '${p.name}' into a predictor, or leave it out`,
  }),
  MM205: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `there is no family '${p.name}'`,
    hint: didYouMean,
    replacement: nearName,
  }),
  MM206: define<{ name: string; near: string | undefined; known: string }>({
    severity: 'error',
    message: (p) => `there is no link '${p.name}'`,
    hint: (p) => didYouMean(p) ?? `the links are ${p.known}`,
    replacement: nearName,
  }),
  MM207: define<{ name: string; near: string | undefined; advice?: string | undefined }>({
    severity: 'error',
    message: (p) => `there is no function '${p.name}'`,
    hint: (p) => p.advice ?? didYouMean(p),
    replacement: (p) => (p.advice === undefined ? p.near : undefined),
  }),
  MM208: define<{ name: string; expected: string; found: number }>({
    severity: 'error',
    message: (p) => `${p.name} takes ${p.expected}, not ${p.found}`,
  }),
  MM209: define<{ family: string; name: string; usage: string; why: string | undefined }>({
    severity: 'error',
    message: (p) => `'${p.name}' is not an argument of ${p.family}`,
    hint: (p) => (p.why === undefined ? `write ${p.usage}` : `${p.why}: write ${p.usage}`),
  }),
  MM210: define<{ argument: string; column: string }>({
    severity: 'error',
    message: (p) => `${p.argument} is the column '${p.column}' and a parameter with a predictor as well`,
    hint: () => 'an argument that names a column is data: rename the column, or drop the predictor',
  }),
  MM211: define<{ name: string; near: string | undefined; parameters: string }>({
    severity: 'error',
    message: (p) => `the model has no parameter '${p.name}'`,
    hint: (p) => didYouMean(p) ?? (p.parameters === '' ? undefined : `its parameters are ${p.parameters}`),
    replacement: nearName,
  }),
  MM212: define<{ name: string; near: string | undefined; known: string }>({
    severity: 'error',
    message: (p) => `the model has no random effect '${p.name}'`,
    hint: (p) => didYouMean(p) ?? (p.known === '' ? 'the model has no random effects' : `it has ${p.known}`),
    replacement: nearName,
  }),
  MM213: define<{ name: string; parameter: string; near: string | undefined; known: string }>({
    severity: 'error',
    message: (p) => `the predictor of ${p.parameter} has no coefficient '${p.name}'`,
    hint: (p) => didYouMean(p) ?? (p.known === '' ? 'it has no coefficients' : `its terms are ${p.known}`),
    replacement: nearName,
  }),
  MM214: define<{ name: string; what: string; near: string | undefined; known: string }>({
    severity: 'error',
    message: (p) => `the model has no ${p.what} '${p.name}'`,
    hint: (p) => didYouMean(p) ?? (p.known === '' ? undefined : `there is ${p.known}`),
    replacement: nearName,
  }),
  MM215: define<{ text: string; type: string; where: string }>({
    severity: 'error',
    message: (p) => `${p.where} needs a number, and '${p.text}' is ${p.type}`,
    hint: (p) => `for an indicator write ${p.text} == "level"; if its values are numbers, declare ${p.text}: real`,
  }),
  MM216: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `there is no column type '${p.name}'`,
    hint: (p) => didYouMean(p) ?? 'the types are real, int, count, bool, factor, ordered, text',
    replacement: nearName,
  }),
  MM217: define<{ column: string; level: string; near: string | undefined; known: string }>({
    severity: 'error',
    message: (p) => `'${p.column}' has no level "${p.level}"`,
    hint: (p) => (p.near === undefined ? `its levels are ${p.known}` : `did you mean "${p.near}"?`),
    replacement: (p) => (p.near === undefined ? undefined : JSON.stringify(p.near)),
  }),
  MM218: define<{ left: string; right: string }>({
    severity: 'error',
    message: (p) => `${p.left} cannot be compared with ${p.right}`,
  }),
  MM219: define<{ response: string; type: string; family: string; needs: string }>({
    severity: 'error',
    message: (p) => `the response of ${p.family} is ${p.needs}, and '${p.response}' is ${p.type}`,
  }),
  MM220: define<{ name: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' is a column: a prior is about parameters`,
    hint: (p) => `for the coefficient of this column write beta[${p.name}]`,
    replacement: (p) => `beta[${p.name}]`,
  }),
  MM221: define<{ name: string; what: string; where: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' is ${p.what}, which cannot stand ${p.where}`,
  }),
  MM222: define<{ name: string; values: string; fix: string }>({
    severity: 'note',
    message: (p) => `'${p.name}' enters as a number though it has only the values ${p.values}`,
    hint: (p) => `if it is a code, declare it: data { ${p.fix}: factor }; if it is a number: data { ${p.fix}: int }`,
  }),
  MM223: define<{ name: string; value: string }>({
    severity: 'error',
    message: (p) => `level "${p.value}" of '${p.name}' is declared twice`,
  }),
  MM224: define<{ name: string; type: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' is declared ${p.type}, which has no levels`,
    hint: (p) => `write ${p.name}: factor(...) or ${p.name}: ordered(...)`,
  }),
  MM225: define<{ name: string }>({
    severity: 'error',
    message: (p) => `'${p.name}' makes terms of a predictor and can stand only there`,
  }),
  MM226: define<{ name: string; argument: string; known: string }>({
    severity: 'error',
    message: (p) => `${p.name} has no argument '${p.argument}'`,
    hint: (p) => (p.known === '' ? undefined : `its named arguments are ${p.known}`),
  }),
  MM227: define<{ text: string; where: string; advice?: string | undefined }>({
    severity: 'error',
    message: (p) => `'${p.text}' cannot stand in ${p.where}`,
    hint: (p) => p.advice,
  }),
  MM228: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `there is no distribution '${p.name}' for priors`,
    hint: didYouMean,
    replacement: nearName,
  }),
  MM229: define<{ name: string; link: string; allowed: string }>({
    severity: 'error',
    message: (p) => `the link of ${p.name} cannot be ${p.link}`,
    hint: (p) => `it can be ${p.allowed}`,
  }),
  MM231: define<{ name: string; near: string | undefined; advice?: string | undefined }>({
    severity: 'error',
    message: (p) => `the data has no column '${p.name}'`,
    hint: (p) => p.advice ?? didYouMean(p),
    replacement: (p) => (p.advice === undefined ? p.near : undefined),
  }),
  MM233: define<{ name: string }>({
    severity: 'note',
    message: (p) => `the data have a column '${p.name}', so ${p.name} is known here and not estimated`,
    hint: () => 'if the column is something else, give it another name in the data',
  }),
};
