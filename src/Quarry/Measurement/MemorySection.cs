using System;

namespace Quarry;

/// <summary>Measures the memory that a section of code takes, managed and native.</summary>
/// <remarks>
/// <para>
/// Managed bytes are the runtime's count, which is exact: of the thread that starts and stops the section, or
/// of the whole process. Native bytes are those of the given sources, by whichever thread; see
/// <see cref="MemorySource.IsExact"/>. The sizes of the managed heap and of the working set are those of the
/// process, and of moments: other code takes part in them.
/// </para>
/// <para>
/// Sections nest, and may overlap. Starting one costs some microseconds and allocates before it counts;
/// while it lasts nothing is slower.
/// </para>
/// </remarks>
public readonly struct MemorySection : IDisposable
{
    private readonly SectionState? _state;

    private MemorySection(SectionState state) => _state = state;

    /// <summary>Starts a section that counts the managed bytes of this thread.</summary>
    /// <param name="native">What is to be counted of native memory.</param>
    public static MemorySection Start(params ReadOnlySpan<MemorySource> native) =>
        new(new SectionState(ofThread: true, native));

    /// <summary>Starts a section that counts the managed bytes of all threads.</summary>
    /// <param name="native">What is to be counted of native memory.</param>
    public static MemorySection StartProcess(params ReadOnlySpan<MemorySource> native) =>
        new(new SectionState(ofThread: false, native));

    /// <summary>Ends the section.</summary>
    /// <returns>Its figures; those of the first call, if it is stopped again.</returns>
    /// <exception cref="InvalidOperationException">
    /// This is another thread than the one whose bytes are counted, or no section was started.
    /// </exception>
    public MemoryStatistics Stop() => _state?.Stop()
        ?? throw new InvalidOperationException("No section was started: call MemorySection.Start.");

    /// <summary>Ends the section if it is under way.</summary>
    public void Dispose() => _state?.Abandon();
}
