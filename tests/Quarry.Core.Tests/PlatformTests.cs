using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

public class PlatformTests
{
    [Theory]
    [InlineData(Architecture.X64)]
    [InlineData(Architecture.Arm64)]
    public void The_library_runs_on_known_systems(Architecture process) =>
        Assert.Null(Platform.Refusal(isKnownSystem: true, process, "Linux 6.1"));

    [Theory]
    [InlineData(false, Architecture.Arm64, "Darwin 24.1")]
    [InlineData(true, Architecture.X86, "Windows 11")]
    [InlineData(true, Architecture.RiscV64, "Linux 6.1")]
    public void Others_are_refused_in_a_sentence(bool isKnownSystem, Architecture process, string system) =>
        Assert.Equal(
            "Quarry supports Linux and Windows, in x64 and Arm64 processes; this is "
            + $"{system} in a process for {process}.",
            Platform.Refusal(isKnownSystem, process, system));
}
