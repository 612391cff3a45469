using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests that look at the mappings of the process: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
