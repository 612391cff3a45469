// Runs one program so that nothing of it outlives the test: guard [OPTION...] PROGRAM [ARGUMENT...]
//   -t  kill it and all its descendants after that time (exit code 124)
//   -p  LD_PRELOAD for the program, not for the guard
//   -v  address-space limit (RLIMIT_AS) the program starts under
//   -o  vm.overcommit_memory while the program runs; put back at the end
// When the harness is gone, so is the program. Standard input and output are the program's.
// The exit code is the program's, or 128 + the signal that ended it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char overcommit_path[] = "/proc/sys/vm/overcommit_memory";

static char overcommit_set(char value)
{
    char before = 0;
    int file = open(overcommit_path, O_RDWR | O_CLOEXEC);
    if (file < 0 || read(file, &before, 1) != 1 || pwrite(file, &value, 1, 0) != 1)
    {
        fprintf(stderr, "guard: cannot set %s: %s\n", overcommit_path, strerror(errno));
        exit(77);
    }
    close(file);
    return before;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

// As the subreaper the guard inherits every orphan, daemons in sessions of their own included.
static void kill_descendants(pid_t group)
{
    char path[64], list[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    do
    {
        if (group > 0)
            kill(-group, SIGKILL);
        FILE *file = fopen(path, "r");
        if (file == NULL)
            return;
        list[fread(list, 1, sizeof list - 1, file)] = 0;
        fclose(file);
        for (char *next = list; *next != 0;)
        {
            pid_t pid = strtol(next, &next, 10);
            if (pid <= 0)
                break;
            kill(pid, SIGKILL);
        }
        group = 0;
    } while (waitpid(-1, NULL, 0) > 0);
}

static void start(char **program, const char *preload, rlim_t address_space, const sigset_t *mask,
    pid_t guard)
{
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard)
        _exit(125);
    sigprocmask(SIG_SETMASK, mask, NULL);
    if (preload != NULL)
        setenv("LD_PRELOAD", preload, 1);
    if (address_space != 0)
    {
        struct rlimit limit = { address_space, address_space };
        setrlimit(RLIMIT_AS, &limit);
    }
    // A crash is reported by its signal; a core file would only be left behind.
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    execvp(program[0], program);
    fprintf(stderr, "guard: cannot start %s: %s\n", program[0], strerror(errno));
    _exit(127);
}

int main(int argc, char **argv)
{
    double seconds = 60;
    const char *preload = NULL;
    rlim_t address_space = 0;
    char overcommit = 0;
    for (int option; (option = getopt(argc, argv, "+t:p:v:o:")) != -1;)
    {
        switch (option)
        {
        case 't': seconds = atof(optarg); break;
        case 'p': preload = optarg; break;
        case 'v': address_space = strtoull(optarg, NULL, 10); break;
        case 'o': overcommit = optarg[0]; break;
        default: return 2;
        }
    }
    if (optind == argc)
        return 2;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t watched, before;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    sigprocmask(SIG_BLOCK, &watched, &before);
    int signals = signalfd(-1, &watched, SFD_CLOEXEC);

    if (overcommit != 0)
        overcommit = overcommit_set(overcommit);
    // Not PR_SET_PDEATHSIG, which comes when the thread ends that started the guard.
    int harness = syscall(SYS_pidfd_open, getppid(), 0);
    pid_t guard = getpid(), child = fork();
    if (child == 0)
        start(argv + optind, preload, address_space, &before, guard);

    int status = 0, code = -1;
    double end = now() + seconds;
    struct pollfd sources[] = { { harness, POLLIN, 0 }, { signals, POLLIN, 0 } };
    while (code < 0)
    {
        double left = end - now();
        if (left <= 0)
        {
            fprintf(stderr, "guard: killed after %.0f s\n", seconds);
            code = 124;
            break;
        }
        if (poll(sources, 2, (int)(left * 1000) + 1) <= 0)
            continue;
        if (sources[0].revents != 0)
            code = 125;
        if (sources[1].revents != 0)
        {
            struct signalfd_siginfo signal;
            if (read(signals, &signal, sizeof signal) == sizeof signal && signal.ssi_signo != SIGCHLD)
                code = 125;
            // Only the program's own end counts; orphans it left are reaped on the way.
            for (pid_t ended; code < 0 && (ended = waitpid(-1, &status, WNOHANG)) > 0;)
            {
                if (ended != child)
                    continue;
                code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }
        }
    }
    kill_descendants(child);
    if (overcommit != 0)
        overcommit_set(overcommit);
    return code;
}
