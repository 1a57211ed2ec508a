import type { Rng } from '../../stats/rng.ts';
import { atLevel, insertBetween, type ReasoningFamily } from './reasoning-family.ts';
import { people, properties } from './word-lists.ts';

/** A property by number, stated or denied. */
interface Literal {
  readonly atom: number;
  readonly isTrue: boolean;
}

interface Rule {
  readonly conditions: readonly Literal[];
  readonly conclusion: Literal;
}

type Verdict = 'yes' | 'no' | 'unknown';

const satisfies = (model: number, { atom, isTrue }: Literal): boolean => ((model >> atom) & 1) === (isTrue ? 1 : 0);
const fits = (model: number, rules: readonly Rule[]): boolean =>
  rules.every(
    (rule) => !rule.conditions.every((condition) => satisfies(model, condition)) || satisfies(model, rule.conclusion),
  );

/** Facts and rules about one person; several statements are each to be judged yes, no or unknown, decided by checking every possible world. */
export const entailment: ReasoningFamily = {
  id: 'entailment',
  build(rng, level) {
    const atoms = atLevel([3, 5, 7, 8], level);
    const rules = Array.from({ length: atLevel([1, 3, 5, 7], level) }, () => drawRule(rng, atoms, level));
    const facts = rng
      .sample(
        Array.from({ length: atoms }, (_, atom) => atom),
        atLevel([1, 2, 2, 3], level),
      )
      .map((atom) => ({ atom, isTrue: level === 0 || rng.chance(0.6) }));
    const worlds = Array.from({ length: 2 ** atoms }, (_, model) => model).filter(
      (model) => fits(model, rules) && facts.every((fact) => satisfies(model, fact)),
    );
    if (worlds.length === 0) return null;
    const stated = new Set(facts.map(({ atom }) => atom));
    const open = Array.from({ length: atoms }, (_, atom) => atom).filter((atom) => !stated.has(atom));
    const asked = rng.sample(open, atLevel([2, 3, 3, 4], level));
    const verdicts = asked.map((atom): Verdict => {
      const holding = worlds.filter((model) => satisfies(model, { atom, isTrue: true })).length;
      return holding === worlds.length ? 'yes' : holding === 0 ? 'no' : 'unknown';
    });
    // A list that says the same of everything could be had by always saying that.
    if (new Set(verdicts).size < 2) return null;
    return (variant) => {
      const own = rng.fork(variant);
      const words = own.sample<string>(level === 0 ? properties.slice(0, 8) : properties, atoms + 2);
      const who = own.pick<string>(level === 0 ? people.slice(0, 8) : people);
      const how = { who, word: (atom: number): string => words[atom] ?? '' };
      const premises = [
        ...facts.map((fact) => `${who} is ${sayLiteral(fact, how)}.`),
        ...rules.map((rule) => sayRule(rule, how)),
      ];
      const ordered = variant === 'renamed' ? own.shuffle(premises) : premises;
      const aside = `Whoever is ${how.word(atoms)} is ${how.word(atoms + 1)}.`;
      const told = variant === 'distractor' ? insertBetween(ordered, aside, own) : ordered;
      const flipped = verdicts.map((verdict): Verdict => (verdict === 'unknown' ? 'no' : verdict));
      return {
        question: `${told.join(' ')} Judge each by these statements alone: ${asked.map((atom, index) => `(${index + 1}) ${who} is ${how.word(atom)}.`).join(' ')} Say yes if it must be true, no if it must be false, unknown if neither follows.`,
        form: 'verdicts',
        answer: verdicts.join(', '),
        steps: asked.map((atom, index) => `Step ${index + 1}: ${who} is ${how.word(atom)}: ${verdicts[index]}`),
        nearMisses: [
          { kind: 'reversed', value: verdicts.toReversed().join(', ') },
          { kind: 'intermediate_value', value: flipped.join(', ') },
          { kind: 'swapped', value: [verdicts[0] === 'yes' ? 'no' : 'yes', ...verdicts.slice(1)].join(', ') },
        ],
      };
    };
  },
};

function drawRule(rng: Rng, atoms: number, level: number): Rule {
  const all = Array.from({ length: atoms }, (_, atom) => atom);
  const isWide = level > 1 && rng.chance(0.4);
  const [conclusion = 0, ...conditions] = rng.sample(all, isWide ? 3 : 2);
  const literal = (atom: number, probability: number): Literal => ({ atom, isTrue: rng.chance(probability) });
  return {
    conditions: conditions.map((atom) => literal(atom, level === 0 ? 1 : 0.75)),
    conclusion: literal(conclusion, level === 0 ? 0.5 : 0.65),
  };
}

const sayLiteral = (literal: Literal, how: { readonly word: (atom: number) => string }): string =>
  `${literal.isTrue ? '' : 'not '}${how.word(literal.atom)}`;

const sayRule = (rule: Rule, how: { readonly word: (atom: number) => string }): string =>
  // Denials come last: "not rich and thin" could be read two ways.
  `Whoever is ${rule.conditions
    .toSorted((a, b) => Number(b.isTrue) - Number(a.isTrue))
    .map((condition) => sayLiteral(condition, how))
    .join(' and ')} is ${sayLiteral(rule.conclusion, how)}.`;
