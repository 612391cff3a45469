global using static Prelude;

internal static class Prelude
{
    internal static readonly TextWriter output = Console.Out;
}
