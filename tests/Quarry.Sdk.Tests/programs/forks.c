/* Forks while other threads allocate: the child and the handlers of pthread_atfork can allocate. */

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int done;

static void *allocate(void *argument)
{
    while (!done) free(malloc((size_t)rand() % 5000));
    return argument;
}

static void use(void)
{
    free(malloc(100));
}

int main(void)
{
    pthread_atfork(use, use, use);
    enum { THREADS = 4, FORKS = 100 };
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, allocate, NULL);
    int failed = 0;
    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(20);
            for (int j = 0; j < 100; j++) free(malloc(j * 100));
            _exit(0);
        }
        int status = 1;
        waitpid(child, &status, 0);
        failed |= status;
    }
    done = 1;
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    return failed != 0;
}
