/* Preloaded, it is another century. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    *now = (struct timespec){.tv_sec = 4102444800, .tv_nsec = 0};
    return 0;
}
