// A profile file that the process creates when it is asked to, and a process that may open no file any more.
#include "check.h"
#include <dirent.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

typedef int create_profile(const char *prefix);

// The layout of ProfileControl.
struct control
{
    uint64_t signature;
    size_t *wants_progress;
    uint8_t request;
    uint8_t answered;
    int32_t result;
    char prefix[512];
};

static create_profile *function(void)
{
    create_profile *found = (create_profile *)dlsym(RTLD_DEFAULT, "quarry_profile");
    CHECK(found != NULL);
    return found;
}

static int count_files(void)
{
    int count = 0;
    DIR *folder = opendir(check_argument(0, ""));
    CHECK(folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static const char *prefix(void)
{
    static char text[512];
    snprintf(text, sizeof text, "%s/p", check_argument(0, ""));
    return text;
}

// Slow paths: pages of small blocks are extended.
static void allocate(size_t size)
{
    static void *blocks[2000];
    for (int i = 0; i < 2000; i++)
        CHECK((blocks[i] = malloc(opaque(size))) != NULL);
    for (int i = 0; i < 2000; i++)
        free(blocks[i]);
}

CASE(file_is_created_by_a_call)
{
    allocate(112);
    CHECK(function()("/no-such-folder/p") == ENOENT);
    CHECK(function()(prefix()) == 0);
    CHECK(function()(prefix()) == EEXIST);
    CHECK(count_files() == 1);
    allocate(112);

    // The file is that of this process alone.
    pid_t child = fork();
    if (child == 0)
    {
        allocate(112);
        CHECK(count_files() == 1);
        CHECK(function()(prefix()) == 0);
        CHECK(count_files() == 2);
        exit(0);
    }

    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(count_files() == 1);
}

CASE(call_is_the_first_use)
{
    CHECK(function()(prefix()) == 0);
    CHECK(count_files() == 1);
}

static struct control *control(void)
{
    struct control *found = (struct control *)dlsym(RTLD_DEFAULT, "quarry_control");
    CHECK(found != NULL && memcmp(found, "QATTACH", 7) == 0);
    return found;
}

static int request(const char *path)
{
    volatile struct control *asked = control();
    strcpy(control()->prefix, path);
    asked->request = asked->answered + 1;
    for (int i = 0; i < 10000 && asked->answered != asked->request; i++)
    {
        *asked->wants_progress = 1;
        allocate(112);
    }

    CHECK(asked->answered == asked->request);
    return -asked->result;
}

// As another process does it.
CASE(request_is_answered)
{
    free(malloc(112));
    CHECK(*control()->wants_progress == 0);
    CHECK(request("/no-such-folder/p") == ENOENT);
    allocate(112);
    CHECK(*control()->wants_progress == 0);
    CHECK(request(prefix()) == 0);
    CHECK(request(prefix()) == EEXIST);
    CHECK(*control()->wants_progress == 1);
    CHECK(count_files() == 1);
}

CASE(child_does_not_answer_for_its_parent)
{
    free(malloc(112));
    strcpy(control()->prefix, prefix());
    control()->request = control()->answered + 1;
    pid_t child = fork();
    if (child == 0)
    {
        *control()->wants_progress = 1;
        allocate(112);
        CHECK(count_files() == 0);
        exit(0);
    }

    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

CASE(no_file_can_be_opened)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        SKIP("no seccomp filters here: %s", strerror(errno));

    // Several periods of the updates, during which resident memory grows outside of the heap.
    static char grown[64 << 20];
    for (int i = 0; i < 64; i++)
    {
        memset(grown + ((size_t)i << 20), 1, 1 << 20);
        allocate(112);
        usleep(10000);
    }
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
