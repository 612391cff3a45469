/* Linked with libfeatures.a. Without arguments it checks results of C#; with "beyond" it reads past the end
   of a span, and with "assert" and a number it asserts that the number is even. */

#include <stdlib.h>

int assert_even(int value);
int read_at(int index);
unsigned long log2_of(unsigned long a, unsigned long b) __asm__("log2");

int main(int argc, char **argv)
{
    if (argc > 2)
        return assert_even(atoi(argv[2])) == atoi(argv[2]) ? 0 : 1;
    if (argc > 1)
        return read_at(3);
    return read_at(1) == 'b' && log2_of(4096, 1) == 12 ? 0 : 1;
}
