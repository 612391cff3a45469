// The layout of structs that are shared with the kernel and C; spans over raw memory.

using System.Runtime.CompilerServices;

namespace System.Runtime.InteropServices;

public enum LayoutKind
{
    Sequential = 0,
    Explicit = 2,
    Auto = 3,
}

public enum CharSet
{
    None = 1,
    Ansi = 2,
    Unicode = 3,
    Auto = 4,
}

public sealed class StructLayoutAttribute(LayoutKind layoutKind) : Attribute
{
    public int Pack;
    public int Size;
    public CharSet CharSet;

    public LayoutKind Value => layoutKind;
}

[AttributeUsage(AttributeTargets.Field)]
public sealed class FieldOffsetAttribute(int offset) : Attribute
{
    public int Value => offset;
}

/// <summary>Marks a method that C calls, by an exported name or by its address.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnmanagedCallersOnlyAttribute : Attribute
{
    public Type[]? CallConvs;
    public string? EntryPoint;
}

[AttributeUsage(AttributeTargets.Parameter)]
public sealed class InAttribute : Attribute;

[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OutAttribute : Attribute;

// csc: the modifier of `where T : unmanaged`.
public static class UnmanagedType;

public static class MemoryMarshal
{
    // csc creates spans over inline arrays with these two methods.
    public static Span<T> CreateSpan<T>(scoped ref T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);

    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(scoped ref readonly T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);

    public static ref T GetReference<T>(Span<T> span) => ref span.GetPinnableReference();

    public static ref T GetReference<T>(ReadOnlySpan<T> span) =>
        ref Unsafe.AsRef(in span.GetPinnableReference());
}

public static unsafe class NativeMemory
{
    public static void Clear(void* ptr, nuint byteCount) =>
        SpanHelpers.ClearWithoutReferences(ref *(byte*)ptr, byteCount);

    public static void Copy(void* source, void* destination, nuint byteCount) =>
        SpanHelpers.Memmove(ref *(byte*)destination, ref *(byte*)source, byteCount);

    public static void Fill(void* ptr, nuint byteCount, byte value) =>
        SpanHelpers.Fill(ref *(byte*)ptr, value, byteCount);
}
