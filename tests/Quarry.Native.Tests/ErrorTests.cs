using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>Results and <c>errno</c> of requests that nothing can serve.</summary>
public sealed class ErrorTests : ProgramTests<ErrorTests>, ICases
{
    static string ICases.Program => "api_errors.c";

    static string[] ICases.EveryMalloc =>
    [
        "every_power_of_two",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "memalign_above_every_power_of_two",
    ];
}
