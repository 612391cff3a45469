/* Constructs of C. Without an argument the program only marks the start of main. With "list" it prints the
   constructs; with a number it uses that construct twice, between marks. */

#define _GNU_SOURCE
#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Called through a variable because a compiler may remove the allocation of an unused block. */
static void *(*volatile allocate)(size_t) = malloc;

static void mark(void) { free(allocate(MARK_SIZE)); }

static void *nothing(void *argument) { return argument; }

static int compare(const void *left, const void *right) { return *(const int *)left - *(const int *)right; }

#define CONSTRUCT(...)                                      \
    if (lists)                                              \
        puts(#__VA_ARGS__);                                 \
    else if (number++ == wanted)                            \
        for (int use = 0; use < 2; use++) {                 \
            mark();                                         \
            __VA_ARGS__;                                    \
            mark();                                         \
        }

int main(int count, char **arguments) {
    mark();
    int lists = count > 1 && strcmp(arguments[1], "list") == 0;
    int wanted = count > 1 ? atoi(arguments[1]) : -1;
    int number = 0;

    static char text[64];
    static int numbers[1000];
    char *line = text;
    size_t size = 0;
    time_t now = 0;
    pthread_t thread;
    regex_t pattern;

    CONSTRUCT(free(malloc(100)))
    CONSTRUCT(printf("hello\n"))
    CONSTRUCT(fprintf(stderr, "hello\n"))
    CONSTRUCT(snprintf(text, sizeof text, "%d", 1))
    CONSTRUCT(snprintf(text, sizeof text, "%f", 0.1))
    CONSTRUCT(asprintf(&line, "%d", 1); free(line))
    CONSTRUCT(free(strdup("hello")))
    CONSTRUCT(fclose(fopen("/etc/passwd", "r")))
    CONSTRUCT(FILE *f = fopen("/etc/passwd", "r"); fgets(text, 64, f); fclose(f))
    CONSTRUCT(FILE *f = fopen("/etc/passwd", "r"); getline(&line, &size, f); fclose(f))
    CONSTRUCT(closedir(opendir("/")))
    CONSTRUCT(pclose(popen("true", "r")))
    CONSTRUCT(getenv("PATH"))
    CONSTRUCT(setenv("QUARRY_PROBE", "1", 1))
    CONSTRUCT(setlocale(LC_ALL, ""))
    CONSTRUCT(localtime(&now))
    CONSTRUCT(qsort(numbers, 1000, sizeof(int), compare))
    CONSTRUCT(regcomp(&pattern, "a+b", REG_EXTENDED); regfree(&pattern))
    CONSTRUCT(pthread_create(&thread, NULL, nothing, NULL); pthread_join(thread, NULL))
    return 0;
}
