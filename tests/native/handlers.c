// sigaction and signal, which the library replaces: a program sees its own handlers only.
//
// By hand: LD_PRELOAD=libquarry.so ./handlers CASE
#include "check.h"
#include <signal.h>
#include <sys/wait.h>

static volatile sig_atomic_t calls, last_signal, last_code;

static void first(int signal)
{
    calls++;
    last_signal = signal;
}

static void second(int signal)
{
    (void)signal;
    calls += 100;
}

static void informed(int signal, siginfo_t *info, void *context)
{
    CHECK(context != NULL && info->si_signo == signal);
    calls++;
    last_signal = signal;
    last_code = info->si_code;
}

static struct sigaction installed(int signal)
{
    struct sigaction action;
    CHECK(sigaction(signal, NULL, &action) == 0);
    return action;
}

static void install(int signal, void (*handler)(int), int flags)
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
    CHECK(sigaction(signal, &action, NULL) == 0);
}

CASE(handlers_are_called_and_read_back)
{
    struct sigaction action = { .sa_sigaction = informed, .sa_flags = SA_SIGINFO | SA_RESTART }, old;
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK(sigaction(SIGUSR1, &action, &old) == 0);
    CHECK(old.sa_handler == SIG_DFL);
    CHECK(raise(SIGUSR1) == 0);
    CHECK(calls == 1 && last_signal == SIGUSR1 && last_code == SI_TKILL);

    old = installed(SIGUSR1);
    CHECK(old.sa_sigaction == informed);
    CHECK((old.sa_flags & (SA_SIGINFO | SA_RESTART)) == (SA_SIGINFO | SA_RESTART));
    CHECK(sigismember(&old.sa_mask, SIGUSR2) == 1 && sigismember(&old.sa_mask, SIGHUP) == 0);

    action.sa_handler = first;
    action.sa_flags = 0;
    CHECK(sigaction(SIGUSR1, &action, &old) == 0);
    CHECK(old.sa_sigaction == informed);
    CHECK(raise(SIGUSR1) == 0 && calls == 2);

    // What was read is installed again, as programs do that change a handler for a while.
    CHECK(sigaction(SIGUSR1, &old, &action) == 0);
    CHECK(action.sa_handler == first);
    CHECK(raise(SIGUSR1) == 0 && calls == 3 && last_code == SI_TKILL);
}

CASE(signal_returns_the_handler_of_before)
{
    CHECK(signal(SIGUSR1, first) == SIG_DFL);
    CHECK(signal(SIGUSR1, second) == first);
    CHECK(installed(SIGUSR1).sa_handler == second);
    CHECK((installed(SIGUSR1).sa_flags & SA_RESTART) != 0);
    CHECK(raise(SIGUSR1) == 0 && calls == 100);
    CHECK(signal(SIGUSR1, SIG_IGN) == second);
    CHECK(raise(SIGUSR1) == 0 && calls == 100);
    CHECK(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
    CHECK(installed(SIGUSR1).sa_handler == SIG_DFL);

    // Not through the functions that are replaced.
    CHECK(sigset(SIGUSR1, first) == SIG_DFL);
    CHECK(signal(SIGUSR1, second) == first);
    siginterrupt(SIGUSR1, 1);
    CHECK(installed(SIGUSR1).sa_handler == second);
    CHECK(raise(SIGUSR1) == 0 && calls == 200);
}

CASE(each_signal_has_its_own_handler)
{
    install(SIGUSR1, first, 0);
    install(SIGUSR2, second, 0);
    install(SIGRTMAX, first, 0);
    CHECK(raise(SIGUSR1) == 0 && calls == 1);
    CHECK(raise(SIGUSR2) == 0 && calls == 101);
    CHECK(raise(SIGRTMAX) == 0 && calls == 102 && last_signal == SIGRTMAX);
}

CASE(a_handler_for_one_time_is_reset)
{
    install(SIGCHLD, first, SA_RESETHAND);
    CHECK(raise(SIGCHLD) == 0 && calls == 1);
    CHECK(installed(SIGCHLD).sa_handler == SIG_DFL);
    CHECK(raise(SIGCHLD) == 0 && calls == 1);
}

CASE(errors_are_those_of_the_system)
{
    static const int refused[] = { -1, 0, SIGKILL, SIGSTOP, 65, 1000 };
    struct sigaction action = { .sa_handler = first };
    install(SIGUSR1, second, 0);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    {
        errno = 0;
        CHECK_THAT(sigaction(refused[i], &action, NULL) == -1 && errno == EINVAL, "%d", refused[i]);
        errno = 0;
        CHECK_THAT(signal(refused[i], first) == SIG_ERR && errno == EINVAL, "%d", refused[i]);
    }
    errno = 0;
    CHECK(signal(SIGUSR1, SIG_ERR) == SIG_ERR && errno == EINVAL);
    CHECK(installed(SIGUSR1).sa_handler == second);
}

CASE(a_child_of_vfork_leaves_the_handlers_of_its_parent)
{
    free(malloc(100));
    install(SIGUSR1, first, 0);
    pid_t child = vfork();
    if (child == 0)
    {
        struct sigaction action = { .sa_handler = second };
        int failed = sigaction(SIGUSR1, &action, NULL) != 0 || installed(SIGUSR1).sa_handler != second;
        action.sa_handler = SIG_DFL;
        _exit(failed || sigaction(SIGUSR1, &action, NULL) != 0 || installed(SIGUSR1).sa_handler != SIG_DFL);
    }
    int status;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    CHECK(installed(SIGUSR1).sa_handler == first);
    CHECK(raise(SIGUSR1) == 0 && calls == 1);
}

static volatile sig_atomic_t go_on, children, blocks_of_handler;

// The child returns from the handler and goes on where it was interrupted.
static void fork_in_handler(int signal)
{
    (void)signal;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
    {
        go_on = 0;
        free(malloc(24));
        blocks_of_handler++;
        return;
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_THAT(status == 0, "status %x", status);
    // Armed again only now, so that the program goes on even if a fork takes longer than the alarm.
    children++;
    go_on = children < 200;
    if (go_on)
        ualarm(500, 0);
}

CASE(a_child_of_a_fork_in_a_handler_goes_on)
{
    void *kept[64] = { NULL };
    install(SIGALRM, fork_in_handler, 0);
    go_on = 1;
    ualarm(500, 0);
    for (size_t i = 0; go_on; i++)
    {
        free(kept[i % 64]);
        kept[i % 64] = malloc(24 + i % 200);
    }
    for (size_t i = 0; i < 20000; i++)
    {
        free(kept[i % 64]);
        kept[i % 64] = malloc(24 + i % 200);
        memset(kept[i % 64], 7, 24 + i % 200);
    }
    CHECK(children == 200 || blocks_of_handler == 1);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
