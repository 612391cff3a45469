// Functions of the C library that return int may leave anything in the upper half of the register.
#include "check.h"
#include <pthread.h>

long key_create(pthread_key_t *, void (*)(void *)) __asm__("pthread_key_create");

static volatile int keys;

long key_create(pthread_key_t *key, void (*destructor)(void *))
{
    int (*original)(pthread_key_t *, void (*)(void *));
    *(void **)&original = dlsym(RTLD_NEXT, "pthread_key_create");
    keys++;
    return 0x7eadbeef00000000L | (unsigned)original(key, destructor);
}

static void *allocate(void *argument)
{
    free(malloc(100));
    return argument;
}

CASE(ended_threads_leave_their_heaps)
{
    size_t (*quarry_stats)(size_t *, size_t), statistics[14];
    const size_t threads = 10;
    *(void **)&quarry_stats = dlsym(RTLD_DEFAULT, "quarry_stats");
    free(malloc(100));
    CHECK(quarry_stats != NULL && keys > 0);
    for (int i = 0; i < 8; i++)
    {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, allocate, NULL) == 0);
        pthread_join(thread, NULL);
    }
    quarry_stats(statistics, sizeof statistics);
    CHECK_THAT(statistics[threads] == 1, "%zu threads", statistics[threads]);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
