import type { HostFunction } from './guest-module.ts';

/** The guest called something that it may not: its task is over. */
export class DeniedCall extends Error {
  override readonly name = 'DeniedCall';
}

/** The guest asked to end its interpreter. */
export class GuestExit extends Error {
  override readonly name = 'GuestExit';
}

/** Harmless functions, left as they are: clocks, randomness, looking at the in-memory files, calls between WebAssembly functions. */
const allowed: ReadonlySet<string> = new Set(
  `_PyEM_TrampolineCall_JS _Py_CheckEmscriptenSignals_Helper
  clock_time_get clock_res_get emscripten_get_now emscripten_date_now emscripten_get_heap_max emscripten_resize_heap
  _localtime_js _gmtime_js _mktime_js _timegm_js _tzset_js
  random_get environ_get environ_sizes_get _emscripten_get_progname
  fd_read fd_seek fd_sync fd_pread fd_fdstat_get
  __syscall_getcwd __syscall_chdir __syscall_stat64 __syscall_lstat64 __syscall_fstat64 __syscall_newfstatat
  __syscall_faccessat __syscall_getdents64 __syscall_readlinkat __syscall_statfs64 __syscall_fstatfs64
  __syscall_fdatasync __syscall_fadvise64`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

// Numbers of the guest's C library (WASI): access, not permitted, no terminal.
const accessDenied = 2;
const notPermitted = 63;
const notATerminal = 59;

/** Functions that give an ordinary failure, so that an honest program can go on, and what they give. */
const refused: ReadonlyMap<string, number> = new Map([
  ...[
    '__syscall_chmod',
    '__syscall_fchmod',
    '__syscall_fchmodat2',
    '__syscall_fchownat',
    '__syscall_fchown32',
    '__syscall_symlinkat',
    '__syscall_mknodat',
    '__syscall_truncate64',
    '__syscall_fallocate',
    '__syscall_utimensat',
    '__syscall_pipe',
    '__syscall_dup',
    '__syscall_dup3',
    '__syscall_fchdir',
    '__syscall_poll',
    '_mmap_js',
    '_msync_js',
    '_munmap_js',
    '_setitimer_js',
  ].map((name): [string, number] => [name, -notPermitted]),
  ['__syscall_socket', -accessDenied],
  ['__syscall_ioctl', -notATerminal],
  ['fd_pwrite', notPermitted],
  // What getaddrinfo and getnameinfo call a failure that will not go away.
  ['getaddrinfo', -4],
  ['getnameinfo', -4],
  ['getprotobyname', 0],
  ['_emscripten_system', -1],
  ['_dlopen_js', 0],
  ['_dlsym_js', 0],
  ['_try_fcntl64', 0],
  ['can_run_sync_js', 0],
  ['__syscall_getuid32_js', 0],
  ['__syscall_umask_js', 0o22],
  ['_Py_emscripten_runtime', 0],
]);

/** Takes the place of an imported function while the guest runs; gives what the C caller expects. */
export type Guard = (original: HostFunction, values: readonly number[]) => unknown;

/** Whether the guest runs, and what it did that ended its task. */
export interface SealState {
  isSealed: boolean;
  violation: DeniedCall | GuestExit | null;
}

/**
 * Replaces, in the object that WebAssembly is linked with, every host function that is not harmless: while the state is sealed a guarded one goes through
 * its guard, a refused one fails politely, and every other one ends the task. Replaced in place, so that indirect calls and look-ups by name meet the same walls.
 */
export function sealImports(
  imports: Record<string, unknown>,
  guards: Readonly<Record<string, Guard>>,
  state: SealState,
): void {
  for (const [name, value] of Object.entries(imports)) {
    if (typeof value !== 'function' || (allowed.has(name) && !(name in guards))) continue;
    const original = value as HostFunction;
    const guard = guards[name] ?? standIn(name, state);
    const wall = (...values: number[]): unknown =>
      state.isSealed ? guard(original, values) : (original as (...all: number[]) => unknown)(...values);
    if (original.sig !== undefined) Object.assign(wall, { sig: original.sig });
    imports[name] = wall;
  }
}

function standIn(name: string, state: SealState): Guard {
  const answer = refused.get(name);
  if (answer !== undefined) return () => answer;
  const isExit = name === 'exit' || name === 'proc_exit';
  const isAbort = name === '_abort_js' || name === '__assert_fail';
  return (_original, [status]) => {
    // Kept, because a handler inside WebAssembly could swallow what is thrown.
    state.violation ??= isExit
      ? new GuestExit(`the program ended its interpreter with status ${status ?? 0}`)
      : isAbort
        ? new GuestExit('the program aborted its interpreter')
        : new DeniedCall(name);
    throw state.violation;
  };
}
