import { canonicalFraction } from '../../text/numeral.ts';

/** Groups the whole part of a canonical number by threes; a fraction stays as it is. */
export function grouped(value: string, separator = ','): string {
  if (value.includes('/')) return value;
  const [whole = '', part] = value.split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  const digits = whole.slice(sign.length).replace(/\B(?=(?:\d{3})+$)/g, separator);
  return part === undefined ? `${sign}${digits}` : `${sign}${digits}.${part}`;
}

/** A canonical number with a currency sign behind its minus. */
export const priced = (value: string): string =>
  value.startsWith('-') ? `-$${grouped(value.slice(1))}` : `$${grouped(value)}`;

/** A canonical number with two decimals where it has none. */
export const withCents = (value: string): string => {
  if (value.includes('/')) return value;
  const part = value.split('.')[1];
  if (part === undefined) return `${value}.00`;
  return part.length < 2 ? `${value}0` : `${value}0`;
};

/** A canonical number moved by whole steps of its last place (fractions: of the numerator); never equal to it for steps other than 0. */
export function neighbour(value: string, steps: bigint): string {
  const [top = '', bottom] = value.split('/');
  if (bottom !== undefined) return canonicalFraction(`${BigInt(top) + steps}`, bottom) ?? `${BigInt(top) + steps}`;
  const [whole = '', part = ''] = value.split('.');
  const moved = BigInt(`${whole}${part}`) + steps;
  return canonicalFraction(`${moved}`, `1${'0'.repeat(part.length)}`) ?? `${moved}`;
}

/** The opposite number; null for zero. */
export const negated = (value: string): string | null =>
  value === '0' ? null : value.startsWith('-') ? value.slice(1) : `-${value}`;
