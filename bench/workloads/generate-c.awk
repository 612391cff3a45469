# A large C file for the compiler: functions with loops, branches and calls, structures and tables. The same
# every time.
#
#     awk -v functions=N -f generate-c.awk
function pick(n) {
    state = (state * 16807) % 2147483647
    return state % n
}

function expression(depth) {
    if (depth == 0) return pick(2) ? "v[" pick(8) "]" : pick(1000)
    split("+ - * ^ & | +", operators, " ")
    return "(" expression(depth - 1) " " operators[1 + pick(7)] " " expression(depth - 1) ")"
}

BEGIN {
    state = 16
    print "typedef struct { unsigned v[8]; struct { int key; const char* name; } entry[4]; } Record;"
    for (f = 0; f < functions; f++) {
        printf "static const unsigned table%d[] = {", f
        for (i = 0; i < 16; i++) printf " %d,", pick(65536)
        print " };"
        printf "unsigned f%d(unsigned n, Record* record) {\n", f
        print "    unsigned v[8] = { n, 1, 2, 3, 4, 5, 6, 7 };"
        for (s = 0; s < 6; s++) {
            printf "    for (unsigned i%d = 0; i%d < n %% %d; i%d++) {\n", s, s, 3 + pick(60), s
            printf "        if (%s > %d) v[%d] = %s;\n", expression(2), pick(5000), pick(8), expression(3)
            printf "        else v[%d] += table%d[i%d & 15] + record->v[%d];\n", pick(8), f, s, pick(8)
            printf "        switch (v[%d] & 3) { case 0: v[%d]++; break;", pick(8), pick(8)
            printf " case 1: v[%d] ^= %s; break; default: break; }\n", pick(8), expression(1)
            print "    }"
            if (f > 0 && s % 3 == 0)
                printf "    v[%d] += f%d(v[%d] & 15, record);\n", pick(8), pick(f), pick(8)
        }
        printf "    record->entry[%d].key = (int)v[%d];\n    record->entry[%d].name = \"name of %d\";\n",
            pick(4), pick(8), pick(4), f
        print "    return v[0] + v[3] * v[5];\n}\n"
    }
}
