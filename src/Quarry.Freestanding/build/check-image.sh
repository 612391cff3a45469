#!/bin/sh
# Checks a native image and reports errors in terms of C#.
#   check-image.sh TOOLS ILC OBJECT ENTRIES IMAGE EXPORTS UNDEFINED FASTPATHS HIDDEN
# TOOLS is the prefix in the names of nm, objdump and readelf: empty, or a triple. ILC is the compiler, which is
# run again with OBJECT.plain.rsp to find the line of an error. OBJECT is the output of ilc, ENTRIES the
# assembled entries.S, IMAGE the linked library. The rest are the lists of the image, each one or more files
# separated by colons; errors are reported for the last file. Prints one error per line, in the format that
# MSBuild parses, and exits with 1 if there are any.

set -u
LC_ALL=C
export LC_ALL

nm=${1}nm
objdump=${1}objdump
readelf=${1}readelf
ilc=$2
object=$3
entries=$4
image=$5
export_lists=$6
undefined_lists=$7
fastpath_lists=$8
hidden_lists=$9
exports=${export_lists##*:}
undefined=${undefined_lists##*:}
fastpaths=${fastpath_lists##*:}
failed=0

# error ORIGIN CODE TEXT
error() {
    echo "$1 : error $2: $3"
    failed=1
}

# names LISTS: prints the lines of the lists, without comments and blank lines.
names() {
    echo "$1" | tr ':' '\n' | while read -r list; do
        [ -z "$list" ] || sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$list"
    done | sort -u
}

# places SYMBOL: prints the C# lines that refer to the symbol, as FILE(LINE), without duplicates; `___cctor`
# stands for static constructors. Debug information attributes inlined code to the method it is inlined into,
# so the lines are taken from code compiled without optimization. Lines in the core library are omitted.
places() {
    if [ ! -f "$object.places" ]; then
        "$ilc" "@$object.plain.rsp" > /dev/null 2>&1
        "$objdump" -dlr -w --no-show-raw-insn "$object.plain" 2> /dev/null | awk '
            /^[0-9a-f]+ </ {
                place = ""
                constructor = /___cctor>:$/
            }
            /^\// && /:[0-9]+$/ {
                place = $0
                sub(/:[0-9]+$/, "", place)
                line = $0
                sub(/.*:/, "", line)
                place = place "(" line ")"
                if (constructor) print "___cctor", place
            }
            /: R_[A-Z]/ {
                symbol = $NF
                sub(/[-+]0x[0-9a-f]+$/, "", symbol)
                # The code refers to a dispatch cell, and the cell refers to the symbol.
                if (symbol ~ /InterfaceDispatchCell/) symbol = "RhpInitialDynamicInterfaceDispatch"
                if (place != "" && place !~ /\/corelib\//) print symbol, place
            }' | sort -u > "$object.places"
    fi
    sed -n "s/^$1 //p" "$object.places"
}

# mistake SYMBOL CODE ORIGIN TEXT: reports an error for each place, or for ORIGIN if no place is known.
mistake() {
    found=$(places "$1")
    failed=1
    if [ -n "$found" ]; then
        echo "$found" | while read -r place; do
            echo "$place: error $2: $4"
        done
    else
        error "$3" "$2" "$4"
    fi
}

rm -f "$object.places"

# Static constructors: an image has no start-up code that would run them, and the field would silently stay 0.
for symbol in $("$nm" "$object" | awk '{ print $NF }' |
    grep -E '__EagerCctor|__GetNonGCStaticBase_|__GetGCStaticBase_|ThreadStatic'); do
    mistake ___cctor QRY010 "$object" "static constructor or thread static: ilc cannot evaluate the \
initializer of a static field, or the field is [ThreadStatic]. Images run no static constructors. Assign the \
field in an initialization method, or make it a constant. ($symbol)"
done

# explain_undefined SYMBOL: prints the use of a runtime helper in terms of C#; nothing for other symbols.
explain_undefined() {
    case $1 in
        RhpNew* | RhNew*) echo "\`new\` of a class, array or delegate; images have no managed heap" ;;
        RhBox* | RhUnbox*) echo "boxing: a struct is converted to object or an interface" ;;
        Rhp*AssignRef* | RhpStelem* | RhpLdelema*) echo "a reference is stored; images have unmanaged data" ;;
        Rhp*Dispatch* | RhpResolve*) echo "an interface is called through a reference; use type parameters" ;;
        RhpThrow* | RhpRethrow*) echo "\`throw\`; images have no exceptions" ;;
        RhpGcPoll | RhpTrapThreads) echo "a call with [SuppressGCTransition]" ;;
        RhTypeCast*) echo "a cast of a reference" ;;
    esac
}

"$nm" -D --undefined-only "$image" | awk '{ print $(NF - 1), $NF }' | sed 's/@.*//' > "$object.undefined"
managed=
for symbol in $(awk '$1 == "U" { print $2 }' "$object.undefined"); do
    why=$(explain_undefined "$symbol")
    if [ -n "$why" ]; then
        managed="$managed $symbol"
    else
        mistake "$symbol" QRY011 "$image" "undefined symbol $symbol: a [DllImport] or [RuntimeImport] names \
a symbol that the image does not define. Define it, or, if it belongs to the C library, import it as WEAK \
in entries.S."
    fi
done

# Optimized code refers to fewer helpers, under different names. It reveals whether there are errors; the code
# without optimization reveals which errors they are.
[ -z "$managed" ] || places ___cctor > /dev/null
for symbol in $managed $([ -z "$managed" ] || sed 's/ .*//' "$object.places"); do
    echo "$symbol"
done | sort -u | while read -r symbol; do
    why=$(explain_undefined "$symbol")
    [ -z "$why" ] || mistake "$symbol" QRY021 "$image" "$why. ($symbol)"
done
[ -z "$managed" ] || failed=1

for symbol in $(awk '$1 != "U" { print $2 }' "$object.undefined"); do
    names "$undefined_lists" | grep -qxF "$symbol" ||
        error "${undefined:-$image}" QRY011 "weak symbol $symbol: the image imports it, but it is not \
listed. Add it to undefined.txt, or remove the import."
done

# Exports: exactly the listed symbols, which include every entry stub that is not hidden.
"$nm" -D --defined-only "$image" | awk '{ print $NF }' | sed 's/@.*//' | sort -u > "$object.exports"
"$readelf" -sW "$entries" | awk '$5 == "GLOBAL" && $6 == "DEFAULT" && $7 != "UND" { print $8 }' > "$object.stubs"
names "$export_lists" > "$object.expected"
for symbol in $(comm -13 "$object.exports" "$object.expected"); do
    error "$exports" QRY012 "$symbol is listed but not exported: add an entry stub to entries.S, or a method \
with [RuntimeExport(\"$symbol\")]."
done
names "$hidden_lists" > "$object.hidden"
for symbol in $(comm -23 "$object.exports" "$object.expected") \
    $(sort -u "$object.stubs" | comm -23 - "$object.expected" | comm -23 - "$object.hidden"); do
    error "$exports" QRY012 "$symbol is an entry point but not listed, so programs could not call it. Add \
it to this list, or remove the entry stub."
done

# Properties that the loader depends on.
segments=$("$readelf" -lW "$image")
dynamic=$("$readelf" -dW "$image")
thread_local=$(echo "$segments" | awk '$1 == "TLS" { print $6 }')
[ $((${thread_local:-0})) -le 16 ] ||
    error "$image" QRY013 "$((thread_local)) bytes of thread-local storage: the limit is 16, because dlopen \
reserves little space for it. Keep the state of a thread in memory that the thread word points to."
echo "$segments" | grep -q GNU_RELRO ||
    error "$image" QRY014 "no RELRO segment: the tables of the dynamic linker would stay writable."
echo "$dynamic" | grep -q BIND_NOW ||
    error "$image" QRY014 "lazy binding: the first call of a function inside malloc would enter the dynamic \
linker."
! echo "$segments" | grep GNU_STACK | grep -q RWE ||
    error "$image" QRY014 "executable stack: an assembly file has no .note.GNU-stack section. Add the \
section."
! echo "$dynamic" | grep -q TEXTREL ||
    error "$image" QRY014 "text relocations: an assembly file uses an absolute address in code. Use a \
position-independent one."
for library in $(echo "$dynamic" | awk '/\(NEEDED\)/ { print $NF }'); do
    error "$image" QRY014 "the image depends on $library, but must load in processes without it. Remove the \
dependency."
done

# Fast paths: the instructions from the entry to the return, with no conditional branch taken, must contain no
# call. Each line of the list contains a symbol and an optional limit on the number of instructions.
"$nm" "$image" > "$object.symbols"
"$objdump" -d --no-show-raw-insn -w "$image" > "$object.disassembly"
names "$fastpath_lists" > "$object.fastpaths"
while read -r symbol limit; do
    awk -v symbol="$symbol" -v limit="${limit:-0}" -v origin="$fastpaths" '
        function fail(why) {
            printf "%s : error QRY015: %s\n", origin, why
            failed = 1
            exit 1
        }
        function bare(digits) {
            sub(/^0+/, "", digits)
            return digits
        }
        FILENAME ~ /\.symbols$/ {
            if ($NF == symbol && $2 ~ /[tT]/) entry = bare($1)
            next
        }
        /^[0-9a-f]+ </ { label = $2 }
        /^ *[0-9a-f]+:\t/ {
            address = $1
            sub(/:$/, "", address)
            count++
            place[address] = count
            owner[count] = label
            sub(/^ *[0-9a-f]+:\t/, "")
            code[count] = $0
        }
        END {
            if (failed) exit 1
            if (entry == "") fail(symbol " is not a method of the image. Correct or remove the line.")
            at = place[entry]
            for (home = owner[at]; ; ) {
                steps++
                split(code[at], word, /[ \t]+/)
                if (word[1] ~ /^ret/) break
                if (word[1] ~ /^(call|blr?$)/)
                    fail(symbol " calls before it returns (" code[at] "): a method on its fast path is " \
                        "not inlined, or a large struct is copied. Move that to the slow path.")
                if (word[1] ~ /^(jmp|b$)/) {
                    at = place[bare(word[2])]
                    if (at && owner[at] == home && steps < 1000) continue
                }
                else at++
                if (owner[at] != home || word[1] ~ /^(jmp|ud2|int3|b$|br$|udf|brk)/)
                    fail(symbol " has no straight path to a return (" code[at] "). Write the rare case " \
                        "first, as in `if (rare) { return Slow(); }`, and the common case last.")
            }
            if (limit + 0 > 0 && steps > limit + 0)
                fail(symbol " takes " steps " instructions from entry to return; the limit is " limit ".")
            printf "fast path of %s: %d instructions\n", symbol, steps
        }' "$object.symbols" "$object.disassembly" || failed=1
done < "$object.fastpaths"

exit "$failed"
