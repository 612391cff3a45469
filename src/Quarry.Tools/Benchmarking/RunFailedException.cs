using System;

namespace Quarry.Tools.Benchmarking;

/// <summary>A run that did not end well, so that its time means nothing.</summary>
internal sealed class RunFailedException(string message) : Exception(message);
