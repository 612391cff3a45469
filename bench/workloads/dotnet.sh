#!/bin/sh
# `dotnet build` of a small library: the runtime, MSBuild and the C# compiler, all of them in processes that
# end. Their managed heaps are mapped by the runtime; malloc serves the just-in-time compiler, the loader and
# the type system.
#
#     dotnet.sh prepare WORK CLASSES
#     dotnet.sh run WORK RUN...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
action=$1
cd "$2"
shift 2
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

case $action in
prepare)
    # The work folder lies within a repository whose properties are not meant for this project.
    for file in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
        echo '<Project />' >"$file"
    done
    version=$(dotnet --version)
    cat >Library.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net${version%%.*}.0</TargetFramework>
    <Nullable>enable</Nullable>
  </PropertyGroup>
</Project>
XML
    rm -rf classes
    mkdir classes
    awk -v classes="$1" -f "$here/generate-cs.awk"
    dotnet restore --disable-build-servers -v quiet
    ;;
run)
    rm -rf bin obj/Debug
    "$@" dotnet build --no-restore --disable-build-servers -nodeReuse:false -maxCpuCount:1 -v quiet \
        -p:UseSharedCompilation=false >build.log
    test -f bin/Debug/net*/Library.dll
    rm -rf bin obj/Debug
    ;;
esac
