/* How long the loader takes for a library: load FILE */
#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
    const double start = now();
    if (argc != 2 || dlopen(argv[1], RTLD_NOW) == NULL)
        return 1;
    printf("{\"load\": %.2f}\n", now() - start);
    return 0;
}
