/**
 * EvalPlus's way to take code out of a text, written anew in Python from what it does: the stretch of lines that parses and has most lines
 * that are not blank; of it all imports, and the first definition of each name that the entry point reaches: classes, functions with a
 * `return`, assignments to a name. Decorated definitions and other statements are lost. The whole stretch where nothing is left.
 */
export const evalplusSource = `
import ast


def _parses(text):
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _longest_stretch(text):
    lines = text.split('\\n')
    filled = [index for index, line in enumerate(lines) if line.strip()]
    for count in range(len(filled), 0, -1):
        for start in range(len(filled) - count + 1):
            stretch = '\\n'.join(lines[filled[start] : filled[start + count - 1] + 1])
            if _parses(stretch):
                return stretch
    return lines[0]


def _named(node):
    if isinstance(node, ast.ClassDef):
        return None if node.decorator_list else node.name
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        returns = any(isinstance(part, ast.Return) for part in ast.walk(node))
        return node.name if returns and not node.decorator_list else None
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return None


def _mentioned(node):
    names = set()
    for part in ast.walk(node):
        for field in ('id', 'attr', 'arg', 'name'):
            value = getattr(part, field, None)
            if isinstance(value, str):
                names.add(value)
    return names


def take(text, entry):
    stretch = _longest_stretch(text)
    try:
        nodes = ast.parse(stretch).body
    except SyntaxError:
        return stretch
    imports = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    defined = {}
    for node in nodes:
        name = _named(node)
        if name is not None:
            defined.setdefault(name, node)
    reached, waiting = {entry}, [entry]
    while waiting:
        node = defined.get(waiting.pop())
        if node is not None:
            for name in _mentioned(node) - reached:
                reached.add(name)
                waiting.append(name)
    kept = imports + [node for name, node in defined.items() if name in reached]
    taken = '\\n'.join(ast.get_source_segment(stretch, node) for node in kept)
    return taken.strip() or stretch
`;
