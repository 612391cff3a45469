namespace Quarry.Gc;

/// <summary>Slots whose answer never changes.</summary>
internal static unsafe class Answers
{
    internal static nint Zero(void* self) => 0;

    internal static nint One(void* self) => 1;

    internal static nint Two(void* self) => 2;

    internal static nint Four(void* self) => 4;
}
