// Programs whose statistics files RecordTests reads; run with QUARRY_STATS.
#include "check.h"
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

static void grow(int times)
{
    for (int i = 0; i < times; i++)
    {
        char *volatile block = malloc(300000);
        CHECK(block != NULL);
        block[0] = 1;
    }
}

// As setproctitle of redis, postgres and sshd does: the environment moves, and its old memory is overwritten.
CASE(title_is_set)
{
    char *first = check_argv[0], *end = first + strlen(first) + 1;
    for (int i = 1; i < check_argc; i++)
        end = check_argv[i] + strlen(check_argv[i]) + 1;
    int count = 0;
    for (; environ[count] != NULL; count++)
        end = environ[count] + strlen(environ[count]) + 1;
    char **copy = malloc((count + 1) * sizeof *copy);
    for (int i = 0; i < count; i++)
        copy[i] = strdup(environ[i]);
    copy[count] = NULL;
    environ = copy;
    memset(first, 0, end - first);
    strcpy(first, "worker: idle");
    grow(100);
}

CASE(folder_is_changed)
{
    CHECK(chdir("/") == 0);
    grow(10);
}

CASE(exit_handlers_are_skipped)
{
    grow(10);
    _exit(0);
}

static pthread_barrier_t together;

static void *growing_thread(void *argument)
{
    pthread_barrier_wait(&together);
    grow(3);
    return argument;
}

// All threads write periodic records at once; then the process ends without a final one.
CASE(threads_grow_at_once)
{
    enum { THREADS = 32 };
    pthread_t threads[THREADS];
    pthread_barrier_init(&together, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, growing_thread, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    _exit(0);
}

static void *late_thread(void *argument)
{
    grow(1);
    return argument;
}

// Run with the thread's rename delayed until after the final one, and the end of the process after both.
CASE(thread_grows_while_the_process_exits)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, late_thread, NULL) == 0);
    sleep_ms(300);
}

CASE(vfork_child_grows)
{
    pid_t child = vfork();
    if (child == 0)
    {
        for (int i = 0; i < 10; i++)
            *(volatile char *)malloc(300000) = 1;
        _exit(0);
    }
    CHECK(child > 0 && waitpid(child, NULL, 0) == child);
    grow(1);
}

// Not allowed, but seen: the exit handlers run in the memory of the parent, and then not again.
CASE(vfork_child_runs_exit_handlers)
{
    pid_t child = vfork();
    if (child == 0)
        exit(0);
    CHECK(child > 0 && waitpid(child, NULL, 0) == child);
    grow(2);
}

CASE(child_is_killed)
{
    grow(1);
    pid_t child = fork();
    if (child == 0)
    {
        raise(SIGKILL);
        _exit(1);
    }
    CHECK(child > 0 && waitpid(child, NULL, 0) == child);
    printf("%d\n", (int)child);
}

// A disk that is full from now on: the last record that could be written stays.
CASE(disk_is_full)
{
    struct rlimit limit = { 100, 100 };
    grow(2);
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    grow(2);
}

CASE(statistics_of_many_classes)
{
    for (size_t size = 1; size < 200000; size = size * 33 / 32 + 1)
        CHECK(malloc(size) != NULL);
}

// Run by privileged_by_another_user.
CASE(privileged)
{
    void *block = malloc(8 << 20);
    CHECK(getuid() != geteuid());
    CHECK_THAT(block != NULL, "QUARRY_CONF was obeyed");
    free(block);
}

// A copy of this program that belongs to root and is setuid, run by another user with variables of his.
CASE(privileged_by_another_user)
{
    const unsigned other_user = 65534;
    if (geteuid() != 0)
        SKIP("only root can create a setuid program of root");
    char folder[] = "/tmp/quarry-privileged-XXXXXX", program[100], command[400], record[200];
    CHECK(mkdtemp(folder) != NULL && chmod(folder, 0777) == 0);
    snprintf(program, sizeof program, "%s/program", folder);
    snprintf(command, sizeof command, "cp '%s' %s && chmod 4755 %s", check_argv[0], program, program);
    CHECK(system(command) == 0);
    snprintf(record, sizeof record, "%s/record", folder);
    pid_t child = fork();
    if (child == 0)
    {
        CHECK(setresgid(other_user, other_user, other_user) == 0);
        CHECK(setresuid(other_user, other_user, other_user) == 0);
        setenv("QUARRY_STATS", record, 1);
        setenv("QUARRY_CONF", "limit:4M", 1);
        unsetenv("CHECK_LIBRARY");
        execl(program, program, "privileged", NULL);
        _exit(CHECK_SKIPPED);
    }
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    snprintf(record, sizeof record, "%s/record.%d", folder, (int)child);
    int recorded = access(record, F_OK) == 0;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK(system(command) == 0);
    CHECK_THAT(WIFEXITED(status), "status %x", status);
    if (WEXITSTATUS(status) != 0)
        _exit(WEXITSTATUS(status));
    CHECK_THAT(!recorded, "QUARRY_STATS was obeyed");
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
