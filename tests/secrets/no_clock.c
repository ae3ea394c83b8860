/* Preloaded, it leaves the library without a clock: the one way to meet a bug in it from outside. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    Dl_info caller;
    if (dladdr(__builtin_return_address(0), &caller) != 0 && strstr(caller.dli_fname, "whop_license") != NULL) {
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_clock_gettime, clock, now);
}
