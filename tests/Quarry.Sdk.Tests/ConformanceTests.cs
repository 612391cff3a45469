using Quarry.Testing;
using Xunit;

namespace Quarry.Sdk.Tests;

/// <summary>The allocators of the samples conform to <see cref="IAllocator"/> on .NET.</summary>
public sealed unsafe class ConformanceTests
{
    public static TheoryData<ConformanceCheck> Checks => [.. AllocatorConformance.Checks];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Bump(ConformanceCheck check) => AllocatorConformance.Run(
        check,
        () => BumpMalloc.BumpFactory.TryCreate(out Bump<Shared> bump) ? bump : default,
        bump => bump.Dispose());

    [Theory]
    [MemberData(nameof(Checks))]
    public void Counter(ConformanceCheck check) => AllocatorConformance.Run(
        check,
        () => CounterMalloc.CounterMalloc.TryCreate(out CounterMalloc.CounterMalloc made) ? made : default);

    [Theory]
    [MemberData(nameof(Checks))]
    public void Fixed(ConformanceCheck check) => AllocatorConformance.Run(
        check,
        () => FixedMalloc.FixedMalloc.TryCreate(out FixedBuffer made) ? made : default,
        options: new ConformanceOptions
        {
            Capacity = FixedMalloc.FixedMalloc.Size - FixedBuffer.OverheadBytes,
        });

    [Theory]
    [MemberData(nameof(Checks))]
    public void Null(ConformanceCheck check)
    {
        NullMalloc.NullMalloc.Hook = new FailureHook(&Fail, null);
        AllocatorConformance.Run(
            check, () => default(NullMalloc.NullMalloc), options: new ConformanceOptions { Capacity = 0 });
    }

    private static FailureResponse Fail(void* context, Layout layout) => FailureResponse.Fail;
}
