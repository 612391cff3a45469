namespace Quarry.Core.Tests;

/// <summary>A heap with a second geometry.</summary>
public class DoublingsTests : SmallSizesTests<Doublings>;
