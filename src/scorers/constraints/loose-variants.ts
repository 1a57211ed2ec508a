/** The text as it is and with its first line, its last line, or both left out, each also without asterisks: the eight readings of the loose verdict (Zhou et al. 2023, IFEval). */
export function looseVariants(text: string): readonly string[] {
  const lines = text.split('\n');
  const cuts = [text, lines.slice(1).join('\n'), lines.slice(0, -1).join('\n'), lines.slice(1, -1).join('\n')].map(
    (cut, index) => (index === 0 ? cut : cut.trim()),
  );
  return [...new Set([...cuts, ...cuts.map((cut) => cut.replaceAll('*', ''))])];
}
