/* Something for a compiler to chew on: many functions, by macros. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ONE(n) static int f##n(int x) { int s = 0; for (int i = 0; i < x % (n + 7); i++) s += (i ^ n) * x; \
    return s > n ? s - n : s + x; }
#define TEN(n) ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) \
    ONE(n##9)
#define CALL(n) sum += f##n(sum + n);
#define CALLS(n) CALL(n##0) CALL(n##1) CALL(n##2) CALL(n##3) CALL(n##4) CALL(n##5) CALL(n##6) CALL(n##7) \
    CALL(n##8) CALL(n##9)
TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8)
TEN(9) TEN(10) TEN(11) TEN(12) TEN(13) TEN(14) TEN(15)
int main(void)
{
    unsigned sum = 1;
    CALLS(1) CALLS(2) CALLS(3) CALLS(4) CALLS(5) CALLS(6) CALLS(7) CALLS(8)
    CALLS(9) CALLS(10) CALLS(11) CALLS(12) CALLS(13) CALLS(14) CALLS(15)
    printf("%u\n", sum);
    return 0;
}
