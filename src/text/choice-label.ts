/** A label at the start of a stretch of text. */
export interface LabelReading {
  readonly label: string;
  /** `strong`: set apart by punctuation or the end; `weak`: followed by a word that explains it. */
  readonly strength: 'strong' | 'weak';
  /** True when other labels follow it directly ("A or B", "A, B, C"). */
  readonly isSeveral: boolean;
  /** Offset behind the label. */
  readonly end: number;
  /** True when a word of reason ("because") follows. */
  readonly isReasoned: boolean;
}

/** Where a text says of a label that it is right. */
export interface LabelVerdict {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** Reads the labels of one set of options. */
export interface LabelGrammar {
  /** The label that a stretch starts with, emphasis and brackets aside; null when it starts with something else. */
  read(stretch: string): LabelReading | null;
  /** As `read`, where only a label set apart counts. */
  readStrong(stretch: string): { readonly kind: 'label'; readonly label: string } | null;
  /** The label that a line consists of; null when there is more to it. */
  readBare(line: string): string | null;
  /** Statements of the form "option C is correct", in order. */
  verdicts(text: string): readonly LabelVerdict[];
  /** Labels that a sentence names as such: `(C)`, `option C`. */
  mentions(sentence: string): readonly string[];
}

const escape = (label: string): string => label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Both cases of a label as alternatives of a pattern. */
const eitherCase = (label: string): string => {
  const [upper, lower] = [label.toUpperCase(), label.toLowerCase()];
  if (upper === lower) return escape(label);
  // A label that is a word ("Yes") is also written with a capital.
  const capital = upper.length > 1 ? [escape(upper.slice(0, 1) + lower.slice(1))] : [];
  return [escape(upper), escape(lower), ...capital].join('|');
};

/** What may stand before a label: space, emphasis, quotes, brackets, `\text{`, the word "option". */
const dress = String.raw`(?:[\s*_\x60"'(\[{$:>]|\\(?:text|textbf|mathbf|mathrm|boxed|\(|\[)\s?\{?){0,12}(?:(?:[Oo]ption|OPTION|[Cc]hoice|[Aa]nswer|[Ll]etter|[Ll]abel|[Nn]umber)\s[\s*_"'(\[]{0,4})?`;
const reasons = String.raw`(?:because|since|as|is|for|due|and|but|given|based)`;
/** What sets a label apart: the end, closing brackets, or punctuation. */
const apart = /^(?:[\s*_`"')\]}$\\]{0,6}(?:$|\n|[.,:;!?。，；：]|\s[-–—(])|[)\]}"'*`$]|\\[)\]])/;
/** The same for a lower-case letter, which may be a word. */
const apartLower = /^(?:[*_`"')\]}$\\]{0,6}(?:\s{0,6}$|\n|[.,:;!?。，；：])|[)\]}"'*`$]|\\[)\]])/;
const explained = new RegExp(String.raw`^\s+${reasons}\b`);

const reasoned = /^\s+(?:because|since|as|due|given)\b/;

class Grammar implements LabelGrammar {
  readonly #labels: readonly string[];
  readonly #start: RegExp;
  readonly #others: RegExp;
  readonly #bare: RegExp;
  readonly #verdict: RegExp;
  readonly #mention: RegExp;

  constructor(labels: readonly string[]) {
    this.#labels = labels;
    const any = labels.map(eitherCase).join('|');
    const upper = labels
      .flatMap((label) => (label.length > 1 ? eitherCase(label) : escape(label.toUpperCase())))
      .join('|');
    const lower = labels.map((label) => escape(label.toLowerCase())).join('|');
    this.#start = new RegExp(String.raw`^${dress}(${any})(?![\p{L}\d_%°^]|[.,:/]\d|'[a-z])`, 'u');
    this.#others = new RegExp(
      String.raw`^[\s*_"')\]}.]{0,4}(?:[,;/&]|or\b|and\b)?[\s*_"'(\[]{0,4}(?:(?:or|and)\s[\s*_"'(\[]{0,4})?(?:[Oo]ption\s)?(?:(${upper})(?![\p{L}\d_'%])(?!\s+(?!or\b|and\b)[a-z])|(${lower})(?=\s{0,3}(?:$|[),.;])))`,
      'u',
    );
    this.#bare = new RegExp(String.raw`^${dress}(${any})[\s*_\x60"')\]}$.:\\]{0,8}$`, 'u');
    this.#verdict = new RegExp(
      String.raw`\b(?:option|choice|answer|statement|letter)\s[(*"\[]{0,3}(${any})(?![\p{L}\d])[)*"\]]{0,3}[^.\n]{0,80}?\bis\s(?:therefore\s|clearly\s|thus\s|indeed\s)?(?:the\s)?(?:only\s|most\s|best\s)?(?:correct|right|best|accurate|appropriate|likely|answer)\b`,
      'giu',
    );
    this.#mention = new RegExp(
      String.raw`\((${any})\)|\b(?:[Oo]ption|[Cc]hoice)\s[(*"\[]{0,3}(${any})(?![\p{L}\d])`,
      'gu',
    );
  }

  /** The label as the options write it. */
  #own(written: string): string | null {
    const exact = this.#labels.find((label) => label === written);
    return exact ?? this.#labels.find((label) => label.toLowerCase() === written.toLowerCase()) ?? null;
  }

  read(stretch: string): LabelReading | null {
    const head = stretch.length > 400 ? stretch.slice(0, 400) : stretch;
    const match = this.#start.exec(head);
    const written = match?.[1];
    const label = written === undefined ? null : this.#own(written);
    if (match === null || written === undefined || label === null) return null;
    const rest = head.slice(match[0].length, match[0].length + 60);
    const another = this.#others.exec(rest);
    const next = another?.[1] ?? another?.[2];
    const isSeveral = next !== undefined && this.#own(next) !== label;
    // "a" is a word: in front of another word it is no label.
    const isLower = /^[a-z]$/.test(written);
    const isReasoned = reasoned.test(rest);
    const end = match[0].length;
    if ((isLower ? apartLower : apart).test(rest)) return { label, strength: 'strong', isSeveral, isReasoned, end };
    if (isSeveral) return { label, strength: 'weak', isSeveral, isReasoned, end };
    return !isLower && explained.test(rest) ? { label, strength: 'weak', isSeveral, isReasoned, end } : null;
  }

  readStrong(stretch: string): { readonly kind: 'label'; readonly label: string } | null {
    const read = this.read(stretch);
    return read !== null && read.strength === 'strong' && !read.isSeveral ? { kind: 'label', label: read.label } : null;
  }

  readBare(line: string): string | null {
    if (line.length > 60) return null;
    const written = this.#bare.exec(line)?.[1];
    return written === undefined ? null : this.#own(written);
  }

  verdicts(text: string): readonly LabelVerdict[] {
    if (!/\bis\s/.test(text)) return [];
    return [...text.matchAll(this.#verdict)].flatMap((match) => {
      const label = this.#own(match[1] as string);
      const isDenied = /n't\b|\b(?:not|incorrect|neither|never)\b/i.test(match[0]);
      return label === null || isDenied ? [] : [{ label, start: match.index, end: match.index + match[0].length }];
    });
  }

  mentions(sentence: string): readonly string[] {
    return Array.from(sentence.matchAll(this.#mention), (match) => this.#own((match[1] ?? match[2]) as string)).filter(
      (label) => label !== null,
    );
  }
}

const grammars = new Map<string, LabelGrammar>();

/** The grammar of a set of labels, made once for each set. */
export function labelGrammar(labels: readonly string[]): LabelGrammar {
  const key = labels.join('\u0000');
  const known = grammars.get(key);
  if (known !== undefined) return known;
  const grammar = new Grammar(labels);
  grammars.set(key, grammar);
  return grammar;
}
