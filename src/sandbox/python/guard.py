"""What the kernel holds a Linux process to: resource limits, Landlock and a seccomp allow-list, all through ctypes."""

import ctypes
import os
import platform
import resource
import struct

_libc = ctypes.CDLL(None, use_errno=True)

# Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h (arm64) of Linux.
_COMMON = {
    'read': (0, 63), 'write': (1, 64), 'close': (3, 57), 'fstat': (5, 80), 'newfstatat': (262, 79), 'lseek': (8, 62),
    'mmap': (9, 222), 'mprotect': (10, 226), 'munmap': (11, 215), 'mremap': (25, 216), 'madvise': (28, 233),
    'brk': (12, 214), 'rt_sigaction': (13, 134), 'rt_sigprocmask': (14, 135), 'rt_sigreturn': (15, 139),
    'rt_sigtimedwait': (128, 137), 'rt_sigpending': (127, 136), 'sigaltstack': (131, 132), 'pread64': (17, 67),
    'pwrite64': (18, 68), 'readv': (19, 65), 'writev': (20, 66), 'preadv': (295, 69), 'pwritev': (296, 70),
    'pipe2': (293, 59), 'dup': (32, 23), 'dup3': (292, 24), 'flock': (73, 32), 'fsync': (74, 82),
    'fdatasync': (75, 83), 'ftruncate': (77, 46), 'getdents64': (217, 61), 'getcwd': (79, 17), 'chdir': (80, 49),
    'fchdir': (81, 50), 'openat': (257, 56), 'mkdirat': (258, 34), 'unlinkat': (263, 35), 'renameat': (264, 38),
    'renameat2': (316, 276), 'readlinkat': (267, 78), 'faccessat': (269, 48), 'faccessat2': (439, 439),
    'statx': (332, 291), 'statfs': (137, 43), 'fstatfs': (138, 44), 'umask': (95, 166), 'sched_yield': (24, 124),
    'nanosleep': (35, 101),
    'gettimeofday': (96, 169), 'getitimer': (36, 102), 'setitimer': (38, 103), 'times': (100, 153),
    'getrusage': (98, 165), 'getrlimit': (97, 163), 'sysinfo': (99, 179), 'uname': (63, 160), 'getpid': (39, 172),
    'getppid': (110, 173), 'gettid': (186, 178), 'getuid': (102, 174), 'geteuid': (107, 175), 'getgid': (104, 176),
    'getegid': (108, 177), 'getgroups': (115, 158),
    'getresuid': (118, 148), 'getresgid': (120, 150), 'futex': (202, 98), 'set_robust_list': (273, 99),
    'set_tid_address': (218, 96), 'rseq': (334, 293),
    'pselect6': (270, 72), 'ppoll': (271, 73),
    'epoll_create1': (291, 20), 'epoll_ctl': (233, 21), 'epoll_pwait': (281, 22), 'eventfd2': (290, 19),
    'getrandom': (318, 278), 'exit': (60, 93), 'exit_group': (231, 94), 'restart_syscall': (219, 128),
}  # fmt: skip
_X86_ONLY = (2, 4, 6, 7, 21, 22, 23, 33, 78, 82, 83, 84, 85, 87, 89, 37, 201, 111, 213, 232, 284)
_CLONE, _CLONE3, _TGKILL, _PRLIMIT64, _FCNTL, _IOCTL = (56, 220), (435, 435), (234, 131), (302, 261), (72, 25), (16, 29)
# Of these the first argument names a process, of those a clock, which may be that of a process.
_OF_PROCESS = ((121, 155), (124, 156), (274, 100), (204, 123), (143, 121), (145, 120))
_OF_CLOCK = ((228, 113), (229, 114), (230, 115))
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 1030)

# Column of the tables above and AUDIT_ARCH value of each machine.
MACHINES = {'x86_64': (0, 0xC000003E), 'aarch64': (1, 0xC00000B7)}

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOTTY, _ENOSYS = 1, 25, 38
_CLONE_THREAD = 0x10000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_NOBODY = 65534
_SYS_LANDLOCK_CREATE, _SYS_LANDLOCK_ADD, _SYS_LANDLOCK_RESTRICT = 444, 445, 446


def _prctl(option, second=0, third=0):
    # Variadic in C: pointers must go as pointers or their upper half is lost.
    if _libc.prctl(option, ctypes.c_void_p(second), ctypes.c_void_p(third), None, None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, 'prctl %d: %s' % (option, os.strerror(error)))


def no_new_privileges():
    """Gives up gaining privileges, which Landlock and seccomp ask for; raises OSError."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent():
    """Has the kernel kill this process when its parent ends; raises OSError."""
    _prctl(_PR_SET_PDEATHSIG, 9)


def become_nobody():
    """Gives up being root, where it is root; what it may do is then bounded by more than the other walls."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def own(folder):
    """Makes a folder the one of the user that children become."""
    if os.getuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)


def limit_resources(memory_bytes, cpu_seconds):
    """Caps address space, processor seconds, file size, open files and core dumps of this process and raises its stack limit."""

    def cap(what, value):
        hard = resource.getrlimit(what)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))

    cap(resource.RLIMIT_AS, memory_bytes)
    cap(resource.RLIMIT_CPU, cpu_seconds)
    cap(resource.RLIMIT_FSIZE, 16 * 1024 * 1024)
    cap(resource.RLIMIT_NOFILE, 64)
    cap(resource.RLIMIT_CORE, 0)
    cap(resource.RLIMIT_STACK, 64 * 1024 * 1024)
    cap(resource.RLIMIT_NPROC, 64)


def _filter(machine):
    column, audit_arch = MACHINES[machine]
    program = []

    def load(offset):
        program.append((0x20, 0, 0, offset))

    def unless_equal_skip(value, count):
        program.append((0x15, 0, count, value & 0xFFFFFFFF))

    def give(action):
        program.append((0x06, 0, 0, action))

    load(4)
    program.append((0x15, 1, 0, audit_arch))
    give(_KILL)
    load(0)
    if column == 0:
        # The x32 numbers would walk around the table.
        program.append((0x35, 0, 1, 0x40000000))
        give(_KILL)
    numbers = [pair[column] for pair in _COMMON.values()] + (list(_X86_ONLY) if column == 0 else [])
    for number in numbers:
        unless_equal_skip(number, 1)
        give(_ALLOW)
    unless_equal_skip(_CLONE3[column], 1)
    give(_ERRNO | _ENOSYS)
    # Python falls back on other calls where a descriptor is no terminal.
    unless_equal_skip(_IOCTL[column], 1)
    give(_ERRNO | _ENOTTY)
    unless_equal_skip(_CLONE[column], 4)
    load(16)
    program.append((0x45, 0, 1, _CLONE_THREAD))
    give(_ALLOW)
    give(_ERRNO | _EPERM)
    # Where there is no namespace of its own a program would learn of other processes: which there are, and what they are doing.
    for pair in _OF_PROCESS:
        unless_equal_skip(pair[column], 6)
        load(16)
        unless_equal_skip(0, 1)
        give(_ALLOW)
        unless_equal_skip(os.getpid(), 1)
        give(_ALLOW)
        give(_ERRNO | _EPERM)
    for pair in _OF_CLOCK:
        unless_equal_skip(pair[column], 4)
        load(16)
        # Clocks of processes and descriptors have negative numbers.
        program.append((0x35, 0, 1, 0x80000000))
        give(_ERRNO | _EPERM)
        give(_ALLOW)
    # Signals only to itself; the upper half of the identifier is not looked at by the kernel.
    unless_equal_skip(_TGKILL[column], 4)
    load(16)
    unless_equal_skip(os.getpid(), 1)
    give(_ALLOW)
    give(_ERRNO | _EPERM)
    # Limits may be read (no new value), never set.
    unless_equal_skip(_PRLIMIT64[column], 6)
    load(32)
    unless_equal_skip(0, 3)
    load(36)
    unless_equal_skip(0, 1)
    give(_ALLOW)
    give(_ERRNO | _EPERM)
    unless_equal_skip(_FCNTL[column], 2 + 2 * len(_FCNTL_COMMANDS))
    load(24)
    for command in _FCNTL_COMMANDS:
        unless_equal_skip(command, 1)
        give(_ALLOW)
    give(_ERRNO | _EPERM)
    give(_ERRNO | _EPERM)
    return program


def filter_system_calls():
    """Installs the allow-list for good: no new process, nothing to and of other processes, no socket, no mount, no change of owner; raises OSError."""
    program = _filter(platform.machine())
    code = b''.join(struct.pack('=HBBI', *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [('length', ctypes.c_ushort), ('code', ctypes.c_void_p)]

    whole = Program(len(program), ctypes.addressof(buffer))
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_SECCOMP, 2, ctypes.addressof(whole))


def landlock_version():
    """The Landlock version of this kernel; 0 when it has none."""
    return max(0, _libc.syscall(_SYS_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1))


def restrict_files(readable, writable):
    """Leaves this process read access to some folders, write access to others, and no TCP; raises OSError."""
    version = landlock_version()
    if version < 1:
        raise OSError(_ENOSYS, 'this kernel has no Landlock')
    rights = (1 << 13) - 1
    if version >= 2:
        rights |= 1 << 13
    if version >= 3:
        rights |= 1 << 14
    # Version 4 adds TCP, version 6 signals and abstract sockets to other domains.
    attributes = struct.pack('=QQQ', rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _libc.syscall(_SYS_LANDLOCK_CREATE, attributes, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), 'landlock_create_ruleset')
    read_only = 1 << 2 | 1 << 3
    # Writable folders: no programs to run, no devices, no sockets, no symbolic links.
    all_but = rights & ~(1 | 1 << 6 | 1 << 9 | 1 << 11 | 1 << 12)
    for path, allowed in [(path, read_only) for path in readable] + [(path, all_but) for path in writable]:
        if not os.path.exists(path):
            continue
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        # Rights that speak of folders are refused for a file.
        rule = struct.pack('=Qi', allowed if os.path.isdir(path) else allowed & (1 << 1 | 1 << 2), descriptor)
        if _libc.syscall(_SYS_LANDLOCK_ADD, ruleset, 1, rule, 0) != 0:
            raise OSError(ctypes.get_errno(), 'landlock_add_rule for %s' % path)
        os.close(descriptor)
    if _libc.syscall(_SYS_LANDLOCK_RESTRICT, ruleset, 0) != 0:
        raise OSError(ctypes.get_errno(), 'landlock_restrict_self')
    os.close(ruleset)
