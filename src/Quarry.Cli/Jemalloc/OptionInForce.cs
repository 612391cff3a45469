namespace Quarry.Cli.Jemalloc;

/// <summary>An option of the allocator.</summary>
/// <param name="Name">The name, as in <c>opt.NAME</c>.</param>
/// <param name="Value">The value in force.</param>
/// <param name="Source">Where it was set, or that it is the default.</param>
internal sealed record OptionInForce(string Name, string Value, string Source);
