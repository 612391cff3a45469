using Xunit;

namespace Quarry.Tests.Testing;

/// <summary>For tests that look at the whole process: no others run meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
