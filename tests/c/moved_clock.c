/* Preloaded, the time of day is another one: by so many seconds (CLOCK_BY), or always that one (CLOCK_AT). */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const int result = (int)syscall(SYS_clock_gettime, clock, now);
    const char *by = getenv("CLOCK_BY"), *at = getenv("CLOCK_AT");
    if (clock == CLOCK_REALTIME && by)
        now->tv_sec += atoll(by);
    if (clock == CLOCK_REALTIME && at)
        now->tv_sec = atoll(at);
    return result;
}
