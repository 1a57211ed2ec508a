import { defineSandbox } from '../core/ports/sandbox.ts';
import { pyodidePackage } from './pyodide/child-process-link.ts';
import { openPyodide } from './pyodide/open-pyodide.ts';

/** CPython in WebAssembly, sealed off from its host, in a process without permissions. Needs nothing but Node. */
export default defineSandbox({
  id: 'pyodide',
  title: 'Python in WebAssembly, sealed, in a child process without permissions',
  probe: async () => {
    try {
      pyodidePackage();
      return { available: true };
    } catch {
      return {
        available: false,
        reason: 'the package pyodide is not installed',
        hint: 'install qwen-eval again with its dependencies, or use --sandbox native',
      };
    }
  },
  open: openPyodide,
});
