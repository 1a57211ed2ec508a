/** A template at a level of difficulty. */
export interface TemplateTurn {
  readonly template: string;
  readonly level: number;
}

/**
 * Every template at every level, in an order in which the template changes with each turn and the level nearly so: the first N samples are
 * as hard as all of them.
 */
export function turnOrder(templates: readonly string[], levels: readonly number[]): ReadonlyMap<string, TemplateTurn> {
  const turns = new Map<string, TemplateTurn>();
  for (let round = 0; round < levels.length; round++) {
    for (const [index, template] of templates.entries()) {
      const level = levels[(index + round) % levels.length] ?? 0;
      turns.set(`${template}/${level}`, { template, level });
    }
  }
  return turns;
}
