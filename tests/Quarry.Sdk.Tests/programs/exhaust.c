/* Allocates until malloc fails: contents stay, a smaller block may still fit, errno is ENOMEM. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    enum { SIZE = 1 << 20 };
    int count = 0;
    errno = 0;
    for (char *block; (block = malloc(SIZE)) != NULL; count++) memset(block, 1, SIZE);
    int error = errno;
    errno = 0;
    char *small = malloc(100);
    int unchanged = errno == 0;
    char line[100];
    int length = snprintf(line, sizeof line, "%d %s %s %s\n", count, error == ENOMEM ? "ENOMEM" : "other",
        small ? "fits" : "null", unchanged ? "errno unchanged" : "errno changed");
    return write(1, line, length) != length;
}
