/** How a result is compared with that of the solution. */
export type Agreement =
  | { readonly kind: 'value' }
  /** As sets. */
  | { readonly kind: 'set' }
  /** Only whether there is a result; booleans by value. */
  | { readonly kind: 'not_none' }
  /** The question can be read in two ways; `source` defines `other`, which gives the result of the second. */
  | { readonly kind: 'either'; readonly source: string };

/**
 * Equality with a tolerance: 1e-6 for floats and flat lists of them where the data gives none, relative 1e-7 besides, lists by item;
 * nothing is broadcast.
 */
const comparison = `
def _is_number(value):
    return isinstance(value, (int, float, complex)) and not isinstance(value, bool)


def _are_floats(value):
    if isinstance(value, (list, tuple)):
        return len(value) > 0 and all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def _is_close(got, wanted, tolerance):
    if isinstance(wanted, (list, tuple)):
        return (
            type(got) is type(wanted)
            and len(got) == len(wanted)
            and all(_is_close(one, other, tolerance) for one, other in zip(got, wanted))
        )
    if _is_number(wanted) and _is_number(got):
        if got == wanted or (got != got and wanted != wanted):
            return True
        return abs(got - wanted) <= tolerance + 1e-07 * abs(wanted)
    return got == wanted


def _agrees(got, wanted, tolerance):
    if got == wanted:
        return True
    if tolerance == 0 and _are_floats(wanted):
        tolerance = 1e-06
    return tolerance > 0 and _is_close(got, wanted, tolerance)
`;

const agreements: Readonly<Record<Agreement['kind'], string>> = {
  value: 'return _agrees(got, wanted, tolerance)',
  set: 'return set(got) == set(wanted)',
  not_none: 'return (got if isinstance(got, bool) else got is not None) == wanted',
  either: 'return _agrees(got, wanted, tolerance) or _agrees(got, other(*arguments), tolerance)',
};

/** Trusted source that differential tests need. */
export const differentialSetup = (agreement: Agreement, tolerance: number): string => `${comparison}
${agreement.kind === 'either' ? agreement.source : ''}

def _compare(got, wanted, arguments, tolerance=${tolerance}):
    ${agreements[agreement.kind]}


def _check(got, wanted, arguments):
    if not _compare(got, wanted, arguments):
        raise AssertionError('expected ' + repr(wanted)[:300])
`;

/** Tests that call the function with each of `inputs` and compare with what `wanted` (Python) gives for it. */
export function differentialTests(entryPoint: string, wanted: 'expected' | 'reference'): string {
  const given = wanted === 'expected' ? 'expected' : '(reference(*arguments) for arguments in inputs)';
  return `def _check_all(candidate):
    for arguments, wanted in zip(inputs, ${given}):
        _check(candidate(*arguments), wanted, arguments)


_check_all(${entryPoint})
`;
}
