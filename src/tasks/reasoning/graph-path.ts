import type { Rng } from '../../stats/rng.ts';
import {
  atLevel,
  insertBetween,
  numberSteps,
  type ReasoningFamily,
  type ReasoningProblem,
  type ReasoningVariant,
} from './reasoning-family.ts';
import { places } from './word-lists.ts';

interface Road {
  readonly from: number;
  readonly to: number;
  readonly length: number;
  readonly isOneWay: boolean;
}

interface Route {
  readonly nodes: readonly number[];
  readonly length: number;
}

const asides = [
  '{A} has a market on Fridays.',
  'The bridge near {A} was painted last year.',
  'Many people in {A} keep bees.',
  'It often rains in {A}.',
];

/** Following signs (level 0), then shortest routes by road over up to nine places, with one-way roads at the top level. */
export const graphPath: ReasoningFamily = {
  id: 'graph_path',
  build: (rng, level) => (level === 0 ? buildSigns(rng) : buildRoads(rng, level)),
};

function buildSigns(rng: Rng): (variant: ReasoningVariant) => ReasoningProblem {
  const size = rng.integer(4, 5);
  const hops = rng.integer(2, size - 2);
  const order = rng.shuffle(Array.from({ length: size - 1 }, (_, index) => index));
  return (variant) => {
    const own = rng.fork(variant);
    const names = own.sample<string>(places.slice(0, 6), size);
    const name = (node: number): string => names[node] ?? '';
    const signs = (variant === 'renamed' ? own.shuffle(order) : order).map(
      (node) => `${name(node)} leads to ${name(node + 1)}.`,
    );
    const told =
      variant === 'distractor'
        ? insertBetween(signs, own.pick(asides).replace('{A}', name(own.integer(0, size - 1))), own)
        : signs;
    return {
      question: `${told.join(' ')} Start in ${name(0)} and go ${hops} steps. Where are you?`,
      form: 'word',
      answer: name(hops),
      steps: numberSteps(Array.from({ length: hops }, (_, step) => `${name(step)} leads to ${name(step + 1)}`)),
      nearMisses: [
        { kind: 'off_by_one', value: name(hops + 1) },
        { kind: 'off_by_one', value: name(hops - 1) },
      ],
    };
  };
}

function buildRoads(rng: Rng, level: number): ((variant: ReasoningVariant) => ReasoningProblem) | null {
  const size = atLevel([4, 4, 6, 8], level);
  const roads = drawRoads(rng, { size, extra: atLevel([2, 2, 4, 7], level), isDirected: level > 2 });
  const routes = simpleRoutes(roads, size - 1).toSorted((a, b) => a.length - b.length);
  const [best, second] = routes;
  // One road is no puzzle, and a tie has two right routes.
  if (!best || !second || best.length === second.length || best.nodes.length < 3) return null;
  if (roads.some((road) => road.length === best.length)) return null;
  const asksRoute = rng.chance(0.5);
  const roadEnds = roads.map((road) =>
    road.isOneWay || rng.chance(0.5) ? road : { ...road, from: road.to, to: road.from },
  );
  return (variant) => {
    const own = rng.fork(variant);
    const names = own.sample<string>(places, size + 1);
    const name = (node: number): string => names[node] ?? '';
    const told = (variant === 'renamed' ? own.shuffle(roadEnds) : roadEnds).map((road) => sayRoad(road, name));
    const aside = own.pick(asides).replace('{A}', name(own.integer(0, size - 1)));
    const sentences = variant === 'distractor' ? insertBetween(told, aside, own) : told;
    const ends = `from ${name(0)} to ${name(size - 1)}`;
    const lengths = best.nodes.slice(1).map((node, index) => lengthBetween(roads, best.nodes[index] ?? 0, node));
    return {
      question: `${sentences.join(' ')} ${asksRoute ? `Name the places on the shortest route ${ends} in order, both ends included.` : `How many km long is the shortest route ${ends}?`}`,
      form: asksRoute ? 'words' : 'integer',
      answer: asksRoute ? best.nodes.map(name).join(', ') : String(best.length),
      steps: numberSteps([
        `the shortest route is ${best.nodes.map(name).join(', ')}`,
        `${lengths.join(' + ')} = ${best.length}`,
      ]),
      nearMisses: asksRoute
        ? [
            { kind: 'swapped', value: second.nodes.map(name).join(', ') },
            { kind: 'reversed', value: best.nodes.toReversed().map(name).join(', ') },
          ]
        : [
            { kind: 'intermediate_value', value: String(second.length) },
            { kind: 'off_by_one', value: String(best.length + 1) },
          ],
    };
  };
}

const sayRoad = (road: Road, name: (node: number) => string): string =>
  road.isOneWay
    ? `A one-way road of ${road.length} km goes from ${name(road.from)} to ${name(road.to)}.`
    : `The road between ${name(road.from)} and ${name(road.to)} is ${road.length} km long.`;

function drawRoads(
  rng: Rng,
  how: { readonly size: number; readonly extra: number; readonly isDirected: boolean },
): readonly Road[] {
  const { size, extra, isDirected } = how;
  const taken = new Set<number>();
  const roads: Road[] = [];
  const add = (a: number, b: number): void => {
    const key = Math.min(a, b) * size + Math.max(a, b);
    if (a === b || taken.has(key)) return;
    taken.add(key);
    roads.push({ from: a, to: b, length: rng.integer(3, 40), isOneWay: isDirected && rng.chance(0.4) });
  };
  // A random tree reaches every place; the extra roads make the choice.
  for (let node = 1; node < size; node++) add(rng.integer(0, node - 1), node);
  for (let count = 0; count < extra * 3 && roads.length < size - 1 + extra; count++)
    add(rng.integer(0, size - 1), rng.integer(0, size - 1));
  return rng.shuffle(roads);
}

const leads = (road: Road, from: number, to: number): boolean =>
  (road.from === from && road.to === to) || (!road.isOneWay && road.from === to && road.to === from);

const lengthBetween = (roads: readonly Road[], from: number, to: number): number =>
  roads.find((road) => leads(road, from, to))?.length ?? 0;

/** Every route from place 0 to `target` that visits no place twice. */
function simpleRoutes(roads: readonly Road[], target: number): Route[] {
  const found: Route[] = [];
  const walk = (nodes: readonly number[], length: number): void => {
    const at = nodes.at(-1) ?? 0;
    if (at === target) {
      found.push({ nodes, length });
      return;
    }
    for (const road of roads) {
      const next = leads(road, at, road.to) ? road.to : leads(road, at, road.from) ? road.from : -1;
      if (next >= 0 && !nodes.includes(next)) walk([...nodes, next], length + road.length);
    }
  };
  walk([0], 0);
  return found;
}
