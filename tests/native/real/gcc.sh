cp "$1/work.c" .
gcc -O2 -g -c work.c -o work.o && gcc work.o -o work && ./work
sha256sum work.o
