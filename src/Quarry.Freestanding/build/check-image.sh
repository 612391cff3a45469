#!/bin/sh
# Checks a native image and explains in terms of C# what is wrong with it.
#   check-image.sh OBJECT IMAGE EXPORTS UNDEFINED FASTPATHS
# OBJECT is what ilc wrote, IMAGE the linked library, the rest the lists of the image's project folder.
# Prints errors the way MSBuild reads them, one a line; the exit code says whether there were any.

set -u
LC_ALL=C
export LC_ALL

object=$1
image=$2
exports=$3
undefined=$4
fastpaths=$5
failed=0

# error ORIGIN CODE TEXT
error() {
    echo "$1 : error $2: $3"
    failed=1
}

# The names in a list, without comments and blank lines, sorted.
names() {
    sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$1" | sort -u
}

# Static constructors: nobody would run them, and the field would silently stay 0.
for symbol in $(nm "$object" | awk '{ print $NF }' |
    grep -E '__EagerCctor|__GetNonGCStaticBase_|__GetGCStaticBase_|ThreadStatic'); do
    error "$object" QRY010 "static constructor or thread static: $symbol. A static field has an initialiser that is \
not a constant ilc can compute (or is a [ThreadStatic]); an image has nobody to run it. Assign the field in an \
explicit initialisation method, or make it a constant."
done

# What the image asks the process for.
explain_undefined() {
    case $1 in
        RhpNew*|RhNew*) echo "\`new\` of a class or an array: there is no managed heap" ;;
        RhBox|RhUnbox*) echo "a struct is boxed: passed as object or as an interface instead of a constrained generic" ;;
        Rhp*Assign*|RhpStelem*|RhpLdelema*) echo "a reference is stored: only unmanaged data can be kept" ;;
        Rhp*Dispatch*|RhpResolve*) echo "an interface is called on a reference: use \`where T : struct, IInterface\`" ;;
        RhpThrow*|RhpRethrow) echo "\`throw\`: there are no exceptions" ;;
        RhpPInvoke*|RhpGcPoll|RhpTrapThreads) echo "a [DllImport] or an unmanaged function pointer: use [RuntimeImport] \
or a call helper of the shim" ;;
        RhTypeCast*) echo "a cast of a reference" ;;
        mem*|str*) echo "a C function: an image uses no C library" ;;
        *) echo "a [RuntimeImport] that nothing in the image defines, or something of the runtime" ;;
    esac
}

nm -D --undefined-only "$image" | awk '{ print $(NF - 1), $NF }' | sed 's/@.*//' > "$object.undefined"
for symbol in $(awk '$1 == "U" { print $2 }' "$object.undefined"); do
    error "$image" QRY011 "undefined symbol $symbol: $(explain_undefined "$symbol")."
done
for symbol in $(awk '$1 != "U" { print $2 }' "$object.undefined" | sort -u); do
    names "$undefined" | grep -qxF "$symbol" ||
        error "$undefined" QRY011 "the image looks for the weak symbol $symbol, which the list does not allow."
done

# What the image shows.
nm -D --defined-only "$image" | awk '{ print $NF }' | sed 's/@.*//' | sort -u > "$object.exports"
names "$exports" > "$object.expected"
for symbol in $(comm -13 "$object.exports" "$object.expected"); do
    error "$exports" QRY012 "$symbol is listed as an export, but nothing defines it: add an entry stub to entries.S, \
or a [RuntimeExport(\"$symbol\")] method."
done
for symbol in $(comm -23 "$object.exports" "$object.expected"); do
    error "$image" QRY012 "$symbol is exported, but $exports does not list it."
done

# How the image is loaded.
segments=$(readelf -lW "$image")
dynamic=$(readelf -dW "$image")
tls=$(echo "$segments" | awk '$1 == "TLS" { print $6 }')
[ $((${tls:-0})) -le 16 ] ||
    error "$image" QRY013 "$((tls)) bytes of thread-local storage, 16 are allowed: with more, dlopen runs out of \
static TLS. Keep state behind the thread word."
echo "$segments" | grep -q GNU_RELRO ||
    error "$image" QRY014 "no RELRO segment: the tables of the dynamic linker stay writable."
echo "$dynamic" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' ||
    error "$image" QRY014 "lazy binding: a first call inside malloc would enter the dynamic linker."
echo "$segments" | awk '$1 == "GNU_STACK" && $0 ~ /RWE/ { found = 1 } END { exit !found }' &&
    error "$image" QRY014 "executable stack: an assembly file lacks its .note.GNU-stack section."
echo "$dynamic" | grep -q TEXTREL &&
    error "$image" QRY014 "text relocations: an assembly file takes an address in a way that is not position-independent."
for library in $(echo "$dynamic" | awk '/\(NEEDED\)/ { print $NF }'); do
    error "$image" QRY014 "the image needs the library $library; it must load into any process, also without glibc."
done

# Fast paths: straight from the entry to the return, branches not taken, without a call.
# A line of the list is a symbol and, if it has one, the most instructions it may take.
objdump -d --no-show-raw-insn -w "$image" > "$object.disassembly"
nm "$image" > "$object.symbols"
names "$fastpaths" | while read -r symbol limit; do
    awk -v symbol="$symbol" -v limit="${limit:-0}" -v origin="$fastpaths" '
        function fail(text) {
            printf "%s : error QRY015: %s\n", origin, text
            exit status = 1
        }
        function hexadecimal(text) {
            sub(/^0+/, "", text)
            return tolower(text)
        }
        FNR == NR { if ($NF == symbol && $2 ~ /[tT]/) address = hexadecimal($1); next }
        match($0, /^ *[0-9a-f]+:\t/) {
            at = substr($0, 1, RLENGTH - 2)
            gsub(/ /, "", at)
            order[++count] = at
            position[at] = count
            text[count] = substr($0, RLENGTH + 1)
        }
        END {
            if (status) exit status
            if (address == "") fail(symbol " is not in the image.")
            first = index_ = position[address]
            while (++steps < 1000) {
                split(text[index_], part, /[ \t]+/)
                if (part[1] == "bnd" || part[1] == "notrack") part[1] = part[2]
                if (part[1] ~ /^ret/) break
                if (part[1] ~ /^call/)
                    fail(symbol " calls before it returns: `" text[index_] "`. Something on the straight path is " \
                        "not inlined or copies a large struct; move it into the slow path, the last call of its branch.")
                if (part[1] ~ /^jmp/) {
                    target = hexadecimal(part[2])
                    if (!(target in position) || position[target] < first || text[index_] !~ ("<[^>+]*\\+"))
                        fail(symbol " leaves its straight path by `" text[index_] "`. Write the slow path first, as an " \
                            "early return: `if (bad) { return Slow(); }`, so that the fast one runs straight on.")
                    index_ = position[target]
                    continue
                }
                index_++
            }
            if (limit + 0 > 0 && steps > limit + 0)
                fail(symbol " takes " steps " instructions from entry to return, " limit " are allowed.")
            printf "fast path of %s: %d instructions\n", symbol, steps
        }' "$object.symbols" "$object.disassembly" || exit 1
done || failed=1

exit "$failed"
