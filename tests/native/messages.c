// Where messages go: to standard error, and never into a file of the program's own that has its number.
#include "check.h"
#include <sys/socket.h>
#include <sys/wait.h>

static char foreign[64] __attribute__((aligned(64)));

// Any message will do; this one is about a pointer the heap never returned.
static void cause_message(void)
{
    free((void *)opaque((size_t)foreign));
}

// Ends without a message, as it would not be seen.
#define CHECK_SILENTLY(condition) ((condition) ? (void)0 : _exit(CHECK_FAILED))

static void data_file_is_intact(int flags)
{
    char name[] = "messages-data-XXXXXX", contents[64];
    int file = mkstemp(name);
    CHECK(file >= 0);
    close(file);
    close(2);
    file = open(name, flags);
    CHECK_SILENTLY(file == 2);
    CHECK_SILENTLY(write(file, "HEADER", 6) == 6);
    cause_message();
    CHECK_SILENTLY(write(file, "RECORD", 6) == 6);
    int reader = open(name, O_RDONLY);
    ssize_t length = read(reader, contents, sizeof contents);
    unlink(name);
    CHECK_SILENTLY(length == 12 && memcmp(contents, "HEADERRECORD", 12) == 0);
}

CASE(data_file_with_the_number_of_standard_error)
{
    data_file_is_intact(O_RDWR);
}

CASE(output_file_with_the_number_of_standard_error)
{
    data_file_is_intact(O_WRONLY);
}

CASE(socket_with_the_number_of_standard_error)
{
    int ends[2];
    char contents[64];
    close(2);
    CHECK_SILENTLY(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0 && ends[0] == 2);
    cause_message();
    CHECK_SILENTLY(read(ends[1], contents, sizeof contents) < 0 && errno == EAGAIN);
}

// Before the heap is used for the first time, too: what standard error is, is recorded when it is loaded.
CASE(data_file_in_a_program_that_starts_without_standard_error)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
    {
        close(2);
        execl("/proc/self/exe", "messages", "data_file_with_the_number_of_standard_error", (char *)NULL);
        _exit(127);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_THAT(status == 0, "status %x", status);
}

CASE(pipe_in_place_of_standard_error)
{
    int ends[2];
    char contents[256];
    CHECK(pipe(ends) == 0 && dup2(ends[1], 2) == 2);
    cause_message();
    CHECK_SILENTLY(read(ends[0], contents, sizeof contents) > 8 && memcmp(contents, "quarry: ", 8) == 0);
}

CASE(log_in_place_of_standard_error)
{
    char name[] = "messages-log-XXXXXX", contents[256];
    int file = mkstemp(name), log = open(name, O_WRONLY | O_APPEND);
    CHECK(log >= 0 && dup2(log, 2) == 2);
    cause_message();
    ssize_t length = pread(file, contents, sizeof contents, 0);
    unlink(name);
    CHECK_SILENTLY(length > 8 && memcmp(contents, "quarry: ", 8) == 0);
}

// The test looks for the messages.
CASE(standard_error)
{
    int saved = dup(2);
    cause_message();
    close(2);
    cause_message();
    CHECK(dup2(saved, 2) == 2);
    cause_message();
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
