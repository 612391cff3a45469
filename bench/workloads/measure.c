// Runs one program with a preloaded allocator and writes its time and peak memory to a file:
//
//     measure RESULT LIBRARY PROGRAM [ARGUMENT...]
//
// LIBRARY "-" preloads nothing. RESULT gets "WALL_US USER_US SYSTEM_US PEAK_KIB EXIT_CODE".
// The peak is that of the largest process: the program or a descendant that was waited for.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(struct timeval t) {
    return t.tv_sec * 1000000LL + t.tv_usec;
}

static pid_t program;

// A harness stops a server by signalling us: pass it on.
static void forward(int signal_number) {
    if (program > 0) kill(program, signal_number);
}

int main(int argc, char** argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: measure RESULT LIBRARY PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);

    program = fork();
    if (program == 0) {
        if (strcmp(argv[2], "-") == 0)
            unsetenv("LD_PRELOAD");
        else
            setenv("LD_PRELOAD", argv[2], 1);
        execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    if (program < 0) {
        perror("fork");
        return 2;
    }
    signal(SIGTERM, forward);
    signal(SIGINT, forward);

    int status;
    struct rusage usage;
    while (wait4(program, &status, 0, &usage) < 0) {
        // Interrupted by a signal we passed on.
    }
    clock_gettime(CLOCK_MONOTONIC, &end);

    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    long long wall = (end.tv_sec - start.tv_sec) * 1000000LL + (end.tv_nsec - start.tv_nsec) / 1000;
    FILE* result = fopen(argv[1], "w");
    if (result == NULL) {
        perror(argv[1]);
        return 2;
    }
    fprintf(result, "%lld %lld %lld %ld %d\n", wall, microseconds(usage.ru_utime),
            microseconds(usage.ru_stime), usage.ru_maxrss, code);
    fclose(result);
    return code;
}
