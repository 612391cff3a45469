/* Linked with libfeatures.a: reads past the end of a span if asked to, else checks what C# answers. */

int read_at(int index);
unsigned long log2_of(unsigned long a, unsigned long b) __asm__("log2");

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return read_at(3);
    return read_at(1) == 'b' && log2_of(4096, 1) == 12 ? 0 : 1;
}
