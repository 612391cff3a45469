set -e
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
mkdir -p hello none
cd hello
cat > hello.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <RestoreSources>$(MSBuildProjectDirectory)/../none</RestoreSources>
  </PropertyGroup>
</Project>
END
cat > hello.cs <<'END'
using System.Linq;
var groups = Enumerable.Range(0, 100000).ToLookup(i => i % 97, i => $"item {i}");
System.Console.WriteLine(groups.Sum(group => group.Last().Length));
END
dotnet build -nologo -v:quiet -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=false 1>&2
dotnet bin/Debug/net10.0/hello.dll
sha256sum bin/Debug/net10.0/hello.dll
