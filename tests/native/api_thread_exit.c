// Functions of the C library that return int may leave anything in the upper half of the register.
#include "statistics.h"
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
    free(malloc(100));
    CHECK(keys > 0);
    for (int i = 0; i < 8; i++)
    {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, allocate, NULL) == 0);
        pthread_join(thread, NULL);
    }
    CHECK_THAT(thread_heaps() == 1, "%zu thread heaps", thread_heaps());
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
