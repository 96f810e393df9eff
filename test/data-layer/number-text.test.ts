import * as fc from 'fast-check';
import { test } from 'vitest';
import { declaredNumber, parseNumber } from '../../src/data/number-text.js';

test('reads every number back from its shortest text', () => {
  // String(-0) is '0'.
  fc.assert(fc.property(fc.double({ noNaN: true }), (x) => parseNumber(String(x)) === x));
});

test('rounds decimals as Number does', () => {
  const decimal = fc
    .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.integer({ min: 0, max: 20 }))
    .map(([negative, digits, point]) => {
      const text = digits.toString().padStart(point + 1, '0');
      const cut = text.length - point;
      return `${negative ? '-' : ''}${text.slice(0, cut)}${point > 0 ? `.${text.slice(cut)}` : ''}`;
    });
  fc.assert(
    fc.property(decimal, (text) => {
      const value = Number(text);
      // whole numbers that are neither kept nor written as they stand are identifiers
      const isIdentifier = !text.includes('.') && BigInt(text) !== BigInt(value) && `${value}` !== text;
      return Object.is(parseNumber(text), isIdentifier ? Number.NaN : value) && Object.is(declaredNumber(text), value);
    }),
  );
});
