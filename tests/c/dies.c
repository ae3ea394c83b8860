/* Preloaded, the program is killed at its step number DIES_AT with a file whose name holds "leases": before the step, or in the
 * middle of it if it writes. A step is a system call that opens, locks, writes, flushes, renames or removes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int steps;
static int is_ours[1024];

/* Whether this is the last one. */
static int is_last(void)
{
    const char *dies_at = getenv("DIES_AT");
    return dies_at && ++steps == atoi(dies_at);
}

static void die(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
}

static void step(int counts)
{
    if (counts && is_last())
        die();
}

static int counts(const char *path)
{
    return strstr(path, "leases") != NULL;
}

static int fd_counts(int fd)
{
    return fd >= 0 && fd < 1024 && is_ours[fd];
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const int mode = flags & O_CREAT ? va_arg(arguments, int) : 0;
    va_end(arguments);
    step(counts(path));
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd >= 0 && fd < 1024)
        is_ours[fd] = counts(path);
    return fd;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    if (fd_counts(fd) && is_last()) {
        syscall(SYS_write, fd, bytes, length / 2);
        die();
    }
    return syscall(SYS_write, fd, bytes, length);
}

int fsync(int fd)
{
    step(fd_counts(fd));
    return (int)syscall(SYS_fsync, fd);
}

int flock(int fd, int operation)
{
    step(fd_counts(fd));
    return (int)syscall(SYS_flock, fd, operation);
}

int rename(const char *from, const char *to)
{
    step(counts(to));
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
    step(counts(path));
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
