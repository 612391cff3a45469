using Xunit;

namespace Quarry.Tests.Telemetry;

/// <summary>The tests that listen: one at a time, as all observe the allocators of all.</summary>
[CollectionDefinition(nameof(TelemetryGroup))]
public sealed class TelemetryGroup;
