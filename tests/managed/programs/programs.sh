# The programs of run.sh: a function for each. It runs in an empty folder; what it writes to standard output, its
# exit code and the files it leaves are compared. $TOOLS has the .NET tools, $REPOSITORY this repository, $INPUT
# the files that make_input has written.

versions="csharpier=1.4.0 fantomas=8.1.1 cake.tool=7.0.0 PowerShell=7.6.9 minver-cli=8.0.0
roslynator.dotnet.cli=1.0.1 docfx=2.81.0 paket=12.0.0 dotnet-reportgenerator-globaltool=5.6.0
NSwag.ConsoleCore=14.8.0 Microsoft.OpenApi.Kiota=1.38.0 Microsoft.DotNet.ApiCompat.Tool=11.0.100
dotnet-fsharplint=0.27.2 dafny=4.11.0 SharpFuzz.CommandLine=2.3.0 microsoft.cst.devskim.cli=1.0.103 p=3.1.0
garnet-server=2.2.12 Microsoft.Coyote.CLI=1.7.11 dotnet-stack=10.0.750501 dotnet-ef=11.0.0 Husky=0.9.1
grate=2.3.0 swashbuckle.aspnetcore.cli=11.0.1 csharprepl=0.7.1 Microsoft.Sbom.DotNetTool=4.1.13"

libraries="Markdig=1.6.0 AngleSharp=1.10.3 Jint=4.18.0 Newtonsoft.Json=13.0.4 LiteDB=5.0.21
Lucene.Net=4.8.0-beta00017 Lucene.Net.Analysis.Common=4.8.0-beta00017 Bogus=35.6.5 NodaTime=3.3.7"

make_input() {
    mkdir -p "$INPUT"
    python3 - "$INPUT" <<'END'
import json, os, sys
folder = sys.argv[1]
def write(name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "w").write(text)
write("many.cs", "\n".join(
    f"public class C{n}<T> {{ public System.Func<T,int> F=x=>{n}; public object G( )=>new{{X={n},Y=\"{n:x}\"}}; }}"
    for n in range(300)))
write("many.fs", "module Many\n" + "\n".join(
    f"let f{n}   x = if x > {n} then   [ x; {n} ] else [ for i in 1..{n} do yield   i*x ]" for n in range(200)))
write("script.fsx", "let rec fib n = if n < 2 then n else fib (n - 1) + fib (n - 2)\n"
    "[ for i in 0 .. 20 -> i, string (fib i) ] |> Map.ofList |> Map.iter (printfn \"%d %s\")\n")
write("build.cake", "Task(\"Default\").Does(() => { foreach (var n in Enumerable.Range(0, 1000))"
    " if (n % 100 == 0) Information($\"step {n}\"); });\nRunTarget(\"Default\");\n")
write("script.ps1", "$a = 1..3000 | ForEach-Object { [pscustomobject]@{ N = $_; S = \"item $_\"; M = $_ % 7 } }\n"
    "$a | Group-Object M | Sort-Object { [int]$_.Name } | ForEach-Object { \"$($_.Name) $($_.Count)\" }\n"
    "$a | ConvertTo-Json -Depth 3 | ConvertFrom-Json | Measure-Object N -Sum | ForEach-Object Sum\n"
    "Get-Command -CommandType Cmdlet | Measure-Object | ForEach-Object { $_.Count -gt 100 }\n")
paths = {f"/items{n}/{{id}}": {"get": {"operationId": f"getItem{n}",
    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
    "responses": {"200": {"description": "ok", "content": {"application/json": {
        "schema": {"$ref": f"#/components/schemas/Item{n}"}}}}}}} for n in range(60)}
schemas = {f"Item{n}": {"type": "object", "properties": {f"p{m}": {"type": "string"} for m in range(20)}}
    for n in range(60)}
write("api.json", json.dumps({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths,
    "components": {"schemas": schemas}}))
write("coverage.xml", "<coverage line-rate='0.5' version='1'><packages><package name='p'><classes>" + "".join(
    f"<class name='C{n}' filename='C{n}.cs'><methods/><lines>" + "".join(
        f"<line number='{m}' hits='{m % 3}'/>" for m in range(1, 100)) + "</lines></class>"
    for n in range(200)) + "</classes></package></packages></coverage>")
write("many.dfy", "\n".join(f"method M{n}(x: int) returns (y: int) {{ y := x + {n}; if y > 10 {{ y := y - 1; }} }}"
    for n in range(200)) + "\nmethod Main() { var z := M7(3); print z; }\n")
for n in range(60):
    write(f"site/page{n}.md", f"# Page {n}\n\n" + "\n".join(f"* item {m} with `code` and **bold**" for m in range(80)))
write("site/toc.yml", "".join(f"- name: Page {n}\n  href: page{n}.md\n" for n in range(60)))
write("site/docfx.json", json.dumps({"build": {"content": [{"files": ["*.md", "*.yml"]}], "dest": "out"}}))
for n in range(100):
    write(f"scan/file{n}.py", "import hashlib\nhashlib.md5(b'x')\npassword = 'secret%d'\n" % n * 20)
write("many.p", "event e: int;\nmachine M { start state S { entry { send this, e, 1; } on e do (x: int) { goto T; } }"
    " state T { } }\ntest t [main=M]: { M };\n")
END
}

# Builds the program that uses libraries.
make_libraries() {
    [ ! -e "$INPUT/libraries/out/libraries.dll" ] || return 0
    mkdir -p "$INPUT/libraries"
    (
        cd "$INPUT/libraries" || exit 1
        for file in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
            echo '<Project />' >$file
        done
        cp "$REPOSITORY/tests/managed/programs/libraries.cs.txt" libraries.cs
        {
            echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType>'
            echo '<TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup><ItemGroup>'
            for library in $libraries; do
                echo "<PackageReference Include=\"${library%=*}\" Version=\"${library#*=}\" />"
            done
            echo '</ItemGroup></Project>'
        } >libraries.csproj
        dotnet build -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false -o out >build.log && exit
        cat build.log >&2
        # No source, no such package, no such version.
        ! grep -q 'error NU\(1301\|1101\|1102\)' build.log || exit 77
        exit 1
    )
}

library() { dotnet "$INPUT/libraries/out/libraries.dll" "$1"; }
markdig() { library markdig; }
anglesharp() { library anglesharp; }
jint() { library jint; }
newtonsoft() { library newtonsoft; }
litedb() { library litedb; }
lucene() { library lucene; }
bogus() { library bogus; }
nodatime() { library nodatime; }

csc() { dotnet "$SDK/Roslyn/bincore/csc.dll" -nologo -deterministic -target:library -out:many.dll \
    -pathmap:"$INPUT"=/ -r:"$RUNTIME/System.Private.CoreLib.dll" -nostdlib -noconfig "$INPUT/many.cs"; }
fsc() { dotnet "$SDK/FSharp/fsc.dll" --nologo --deterministic+ --target:library -o:many.dll \
    --targetprofile:netcore --pathmap:"$INPUT"=/ "$INPUT/many.fs"; }
fsi() { dotnet fsi --quiet "$INPUT/script.fsx"; }
new_and_build() { dotnet new console -o app >/dev/null && dotnet build app -nodeReuse:false -v:quiet -nologo \
    -p:UseSharedCompilation=false -o out | grep -c error; dotnet out/app.dll; rm -rf app out; }
format() { cp "$INPUT/many.cs" . && dotnet new classlib -o lib >/dev/null && mv many.cs lib &&
    dotnet format whitespace lib --no-restore -v quiet; cat lib/many.cs; rm -rf lib; }
csharpier() { cp "$REPOSITORY"/src/Quarry.Gc/*/*.cs "$INPUT/many.cs" . && "$TOOLS/csharpier" format . --no-cache |
    sed 's/ in .*ms//'; }
fantomas() { cp "$INPUT/many.fs" . && "$TOOLS/fantomas" many.fs; }
fsharplint() { "$TOOLS/dotnet-fsharplint" lint "$INPUT/many.fs" | grep -v seconds; }
cake() { cp "$INPUT/build.cake" . && "$TOOLS/dotnet-cake" build.cake | grep -v 00:00; rm -rf tools; }
powershell() { "$TOOLS/pwsh" -NoProfile "$INPUT/script.ps1"; }
minver() { cd "$REPOSITORY" && "$TOOLS/minver" -v error; }
roslynator() { "$TOOLS/roslynator" list-symbols "$REPOSITORY/artifacts/bin/Quarry/release/Quarry.dll" 2>&1 |
    grep -v "Elapsed\|00:"; }
docfx() { cp -r "$INPUT/site" . && "$TOOLS/docfx" build site/docfx.json --maxParallelism 1 | grep -c . >/dev/null
    find site/out -name '*.html' -exec cat {} + | md5sum; rm -rf site; }
paket() { "$TOOLS/paket" init 2>&1 | grep -v "Total time\|Performance\|Downloading\|^ *-"; cat paket.dependencies; }
reportgenerator() { "$TOOLS/reportgenerator" -reports:"$INPUT/coverage.xml" -targetdir:. -reporttypes:Xml,JsonSummary \
    >/dev/null; sed -i '/[Gg]enerated/d' ./*; }
nswag() { "$TOOLS/nswag" openapi2csclient /input:"$INPUT/api.json" /output:client.cs /namespace:N |
    grep -v "Duration\|Runtime:\|directory"; }
kiota() { "$TOOLS/kiota" generate -d "$INPUT/api.json" -l CSharp -o client -c Client -n My.Api --ll error
    find . -name '*.json' -delete; rm -rf client/.kiota.log; }
apicompat() { "$TOOLS/apicompat" -l "$RUNTIME/System.Collections.dll" -r "$RUNTIME/System.Linq.dll"; }
dafny() { "$TOOLS/dafny" resolve "$INPUT/many.dfy" && "$TOOLS/dafny" translate cs --no-verify "$INPUT/many.dfy" \
    -o many; sed -i '/^\/\/ Command/d' ./*.cs; }
sharpfuzz() { cp "$REPOSITORY/artifacts/bin/Quarry/release/Quarry.dll" . && "$TOOLS/sharpfuzz" Quarry.dll
    rm -f Quarry.dll; }
devskim() { "$TOOLS/devskim" analyze -I "$INPUT/scan" -O found.txt -f text >/dev/null
    # Which findings it reports of each rule varies from run to run, on any collector.
    grep -ao 'DS[0-9]*' found.txt | sort -u; rm found.txt; }
p_compiler() { cp "$INPUT/many.p" . && "$TOOLS/p" compile --pfiles many.p --projname many -o . --mode bugfinding 2>&1 |
    grep -vi "time\|elapsed\|sec\|\.dll\|restore"; rm -rf PGenerated CSharp PChecker; }
coyote() { cp "$REPOSITORY/artifacts/bin/Quarry/release/Quarry.dll" . && "$TOOLS/coyote" rewrite Quarry.dll |
    grep -v "Done\|sec"; rm -f Quarry.dll *.pdb; }
garnet() { "$TOOLS/garnet-server" --port 17391 --memory 64m --index 8m --logger-level None >/dev/null & server=$!
    python3 - <<'END'
import socket, time
for _ in range(200):
    try: s = socket.create_connection(("127.0.0.1", 17391)); break
    except OSError: time.sleep(0.1)
f = s.makefile("rb")
def call(*words):
    s.sendall(f"*{len(words)}\r\n".encode() + b"".join(f"${len(w)}\r\n{w}\r\n".encode() for w in words))
    line = f.readline(); return f.read(int(line[1:]) + 2)[:-2] if line[:1] == b"$" and line != b"$-1\r\n" else line
for n in range(20000): call("SET", f"key{n % 5000}", "x" * (n % 300))
print(sum(len(call("GET", f"key{n}")) for n in range(5000)))
for n in range(3000): call("LPUSH", "list", str(n))
print(call("LLEN", "list"), call("LINDEX", "list", "5"))
END
    kill $server; wait $server 2>/dev/null; true; }
ef() { "$TOOLS/dotnet-ef" --help; }
husky() { "$TOOLS/husky" --version; }
grate() { "$TOOLS/grate" --help; }
swagger() { "$TOOLS/swagger" tofile --help; }
