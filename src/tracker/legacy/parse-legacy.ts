import { groupBy } from '../../core/group-by.ts';
import type { RegistryModel } from '../../presets/model-registry.ts';
import type { LegacyModel, LegacyResult, ParsedLegacy } from './legacy-tracker.ts';
import { parseMarkdown, parseLabel, plainText, type MarkdownBlock } from './parse-markdown.ts';
import { readConfiguration } from './read-configuration.ts';
import { readScores, type NamedTask } from './read-scores.ts';

/** What names in an old document are matched with. */
export interface LegacyNames {
  readonly presets: readonly string[];
  readonly tasks: ReadonlyMap<string, NamedTask>;
  readonly models: readonly RegistryModel[];
}

/** Reads an old tracker document by its headings, tables, labels and lists; what is not understood stays among the notes. */
export function parseLegacy(lines: readonly string[], names: LegacyNames): ParsedLegacy {
  const blocks = parseMarkdown(lines);
  const models = readModels(blocks, names.models);
  const results = readResults(blocks, { ...names, legacyModels: models });
  const title = blocks.find((block) => block.kind === 'heading')?.text ?? null;
  return {
    schemaVersion: 1,
    title,
    mended: 0,
    header: blocks.flatMap((block) => (isHeader(block, title) ? labelOf(block) : [])),
    models,
    presets: readPresets(blocks, names.presets),
    results,
    phases: readPhases(blocks),
    ...readLists(blocks, results),
  };
}

const words = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();

/** Labels before the first table, under the title or the heading after it. */
const isHeader = (block: MarkdownBlock, title: string | null): boolean =>
  block.kind === 'text' && block.path.length <= 2 && block.path[0] === title && !block.path.slice(1).some(isResults);

const isResults = (heading: string): boolean => /results|analysis/i.test(heading);

function labelOf(block: MarkdownBlock): readonly { label: string; text: string; line: number }[] {
  if (block.kind !== 'text' && block.kind !== 'item') return [];
  const found = parseLabel(block.text);
  return found && found.value !== '' ? [{ label: found.label, text: found.value, line: block.line }] : [];
}

/** The cell of the first column whose title holds one of the words. */
function cellOf(cells: Readonly<Record<string, string>>, ...wanted: readonly string[]): string | null {
  const title = Object.keys(cells).find((name) => wanted.some((word) => words(name).includes(word)));
  const text = plainText(title === undefined ? '' : (cells[title] ?? ''));
  return text === '' ? null : text;
}

function readModels(blocks: readonly MarkdownBlock[], registry: readonly RegistryModel[]): readonly LegacyModel[] {
  return blocks.flatMap((block) => {
    if (block.kind !== 'table') return [];
    return block.rows.flatMap(({ cells, line }): LegacyModel[] => {
      const hubId = cellOf(cells, 'huggingface', 'hugging face', 'hub id');
      const id = cellOf(cells, 'model id');
      if (hubId === null && id === null) return [];
      const name = cellOf(cells, 'model name') ?? id ?? hubId ?? '';
      const registryId = registry.find((model) => model.hubId.toLowerCase() === hubId?.toLowerCase())?.id ?? null;
      return [
        {
          id: id ?? registryId ?? name,
          name,
          hubId,
          registryId,
          size: cellOf(cells, 'size'),
          context: cellOf(cells, 'context'),
          licence: cellOf(cells, 'licen'),
          priority: cellOf(cells, 'priority'),
          status: cellOf(cells, 'status'),
          line,
        },
      ];
    });
  });
}

/** The preset that a heading is about: `Memory Optimized Preset Evaluation` is `memory_optimized`. */
function presetOfHeading(heading: string, presets: readonly string[]): string | null {
  const text = words(heading).replace(/^\d+ /, '');
  if (!text.includes('preset')) return null;
  return presets.find((preset) => text.startsWith(`${words(preset)} `)) ?? null;
}

function readPresets(blocks: readonly MarkdownBlock[], presets: readonly string[]): ParsedLegacy['presets'] {
  return blocks.flatMap((block) => {
    if (block.kind !== 'heading' || !block.path.some((heading) => words(heading).includes('preset'))) return [];
    const id = presetOfHeading(block.text, presets);
    if (id === null) return [];
    const values = blocks.filter(({ path }) => path.at(-1) === block.text).flatMap(labelOf);
    return [{ id, name: block.text, line: block.line, values }];
  });
}

interface ResultContext extends LegacyNames {
  readonly legacyModels: readonly LegacyModel[];
}

/** Sections about one model under one preset that hold anything. */
function readResults(blocks: readonly MarkdownBlock[], context: ResultContext): readonly LegacyResult[] {
  return blocks.flatMap((block): LegacyResult[] => {
    if (block.kind !== 'heading') return [];
    const model = context.legacyModels.find(({ name }) => block.path.some((above) => words(above) === words(name)));
    const preset = presetOfHeading(block.text, context.presets);
    if (model === undefined || preset === null) return [];
    const path = [...block.path, block.text].join('\u0000');
    const own = blocks.filter((one) => [...one.path].join('\u0000').startsWith(path));
    return own.length === 0 ? [] : [resultOf({ heading: block, own, model, preset }, context)];
  });
}

interface ResultSection {
  readonly heading: MarkdownBlock & { readonly kind: 'heading' };
  readonly own: readonly MarkdownBlock[];
  readonly model: LegacyModel;
  readonly preset: string;
}

function resultOf({ heading, own, model, preset }: ResultSection, { tasks }: ResultContext): LegacyResult {
  const under = (word: RegExp): readonly MarkdownBlock[] => own.filter(({ path }) => word.test(path.at(-1) ?? ''));
  const status = own.find((block) => block.kind === 'text' && block.path.at(-1) === heading.text);
  return {
    model: model.name,
    modelId: model.registryId ?? model.id,
    preset,
    title: heading.text,
    line: heading.line,
    status: status?.kind === 'text' ? plainText(status.text).replace(/^Status: /, '') : null,
    figures: under(/performance|system|memory/i)
      .filter((block) => block !== status)
      .flatMap(labelOf),
    scores: readScores(own, [...tasks.values()]),
    issues: under(/issue|technical/i).flatMap((block) =>
      block.kind === 'item' ? [{ text: plainText(block.text), line: block.line }] : [],
    ),
    memoryLines: under(/memory/i).flatMap((block) =>
      block.kind === 'code' ? block.lines.filter(({ text }) => text.trim() !== '') : [],
    ),
    configuration: own.flatMap((block) => (block.kind === 'code' ? readConfiguration(block) : [])),
  };
}

function readPhases(blocks: readonly MarkdownBlock[]): ParsedLegacy['phases'] {
  const boxes = blocks.filter((block) => block.kind === 'item' && block.isChecked !== null);
  return groupBy(boxes, ({ path }) => path.join('\u0000')).map(([, items]) => {
    const title = items[0]?.path.at(-1) ?? '';
    return {
      title,
      line: blocks.find((block) => block.kind === 'heading' && block.text === title)?.line ?? items[0]?.line ?? 1,
      items: items.flatMap((block) =>
        block.kind === 'item' ? [{ text: plainText(block.text), line: block.line, isDone: block.isChecked }] : [],
      ),
    };
  });
}

/** List items outside results and phases: those under a changelog by entry, the others by heading. */
function readLists(
  blocks: readonly MarkdownBlock[],
  results: readonly LegacyResult[],
): Pick<ParsedLegacy, 'notes' | 'changelog'> {
  const titles = new Set(results.map(({ title }) => title));
  const items = blocks.flatMap((block) =>
    block.kind === 'item' && block.isChecked === null && !block.path.some((heading) => titles.has(heading))
      ? [{ path: block.path, text: plainText(block.text), line: block.line }]
      : [],
  );
  const lists = groupBy(items, ({ path }) => path.join('\u0000')).map(([, group]) => {
    const path = group[0]?.path ?? [];
    const heading = path.at(-1) ?? '';
    const line =
      blocks.find((block) => block.kind === 'heading' && block.text === heading)?.line ?? group[0]?.line ?? 1;
    return { path, heading, line, items: group.map(({ text, line: at }) => ({ text, line: at })) };
  });
  const isChangelog = ({ path }: { readonly path: readonly string[] }): boolean =>
    path.some((heading) => /change ?log/i.test(heading));
  const isPreset = ({ path }: { readonly path: readonly string[] }): boolean =>
    path.slice(0, -1).some((heading) => /presets/i.test(heading));
  return {
    changelog: lists.filter(isChangelog).map((list) => ({ title: list.heading, line: list.line, items: list.items })),
    notes: lists
      .filter((list) => !isChangelog(list) && !isPreset(list))
      .map(({ heading, line, items: listed }) => ({ heading, line, items: listed })),
  };
}
