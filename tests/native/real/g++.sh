cp "$1/work.cpp" .
g++ -std=c++20 -O1 -c work.cpp -o work.o && g++ work.o -o work && ./work
sha256sum work.o
