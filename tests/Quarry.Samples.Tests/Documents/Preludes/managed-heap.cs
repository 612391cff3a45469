global using static Prelude;

internal static class Prelude
{
    internal static void Work() => GC.KeepAlive(new object());
}
