// Starts itself again and again; each process allocates a few blocks and ends. Shows what an allocator costs
// a program that hardly needs one: time to initialise, memory that is resident at once.
//
//     startup [PROCESSES]
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include "common.h"

extern char** environ;

static int child(void) {
    Random random = random_seed(2);
    uint64_t checksum = 0;
    void* blocks[20];
    for (int i = 0; i < 20; i++) blocks[i] = block_new(random_between(&random, 8, 256), i);
    for (int i = 0; i < 20; i++) checksum += block_end(blocks[i]);
    return checksum == 190 ? 0 : 1;
}

int main(int argc, char** argv) {
    if (argc > 1 && strcmp(argv[1], "child") == 0) return child();

    uint64_t processes = argument(argc, argv, 1, 1000);
    char* arguments[] = { argv[0], (char*)"child", NULL };
    uint64_t ended = 0;
    for (uint64_t i = 0; i < processes; i++) {
        pid_t pid;
        int status;
        if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, arguments, environ) != 0) return 1;
        if (waitpid(pid, &status, 0) != pid || status != 0) return 1;
        ended++;
    }
    report(ended);
    return 0;
}
