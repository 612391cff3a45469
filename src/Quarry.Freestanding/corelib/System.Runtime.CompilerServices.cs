// The types that csc looks up by name to lower the language, and the unsafe primitives.

namespace System.Runtime.CompilerServices;

[Flags]
public enum MethodImplOptions
{
    NoInlining = 8,
    NoOptimization = 64,
    AggressiveInlining = 256,
    AggressiveOptimization = 512,
    InternalCall = 4096,
}

[AttributeUsage(AttributeTargets.Constructor | AttributeTargets.Method)]
public sealed class MethodImplAttribute(MethodImplOptions methodImplOptions) : Attribute
{
    public MethodImplOptions Value => methodImplOptions;
}

/// <summary>Marks members that ilc and its JIT may expand by name.</summary>
internal sealed class IntrinsicAttribute : Attribute;

[AttributeUsage(AttributeTargets.All)]
public sealed class SkipLocalsInitAttribute : Attribute;

// The language features that csc may use. Default interface methods are omitted, because calling one on a
// struct boxes the struct.
public static class RuntimeFeature
{
    public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);
    public const string ByRefFields = nameof(ByRefFields);
    public const string NumericIntPtr = nameof(NumericIntPtr);
    public const string VirtualStaticsInInterfaces = nameof(VirtualStaticsInInterfaces);
}

public static class RuntimeHelpers
{
    // The offset of the characters of a string, for `fixed (char* p = literal)`: they follow the type pointer
    // and the length.
    public static unsafe int OffsetToStringData => sizeof(nint) + sizeof(int);

    // csc lowers constant tables of elements wider than a byte to this method; ilc replaces its body.
    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle fldHandle) => default;

    [Intrinsic]
    public static bool IsReferenceOrContainsReferences<T>() => IsReferenceOrContainsReferences<T>();
}

// csc: the modifier of `volatile` fields.
public static class IsVolatile;

// csc: `in` and `ref readonly` parameters.
public sealed class IsReadOnlyAttribute : Attribute;

// csc: `where T : unmanaged`.
public sealed class IsUnmanagedAttribute : Attribute;

// csc: `ref struct`.
[AttributeUsage(AttributeTargets.Struct)]
public sealed class IsByRefLikeAttribute : Attribute;

// csc: `ref readonly` parameters.
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class RequiresLocationAttribute : Attribute;

// csc: `scoped` parameters.
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ScopedRefAttribute : Attribute;

// csc: the version of the `ref` safety rules that the module was checked against.
[AttributeUsage(AttributeTargets.Module)]
public sealed class RefSafetyRulesAttribute(int version) : Attribute
{
    public int Version => version;
}

// csc: the name of an indexer.
public sealed class IndexerNameAttribute(string indexerName) : Attribute
{
    public string IndexerName => indexerName;
}

// csc: `fixed` buffers and their generated structs.
[AttributeUsage(AttributeTargets.Field)]
public sealed class FixedBufferAttribute(Type elementType, int length) : Attribute
{
    public Type ElementType => elementType;

    public int Length => length;
}

[AttributeUsage(AttributeTargets.Struct)]
public sealed class UnsafeValueTypeAttribute : Attribute;

// A static field with a fixed address. In an image, every static field has a fixed address.
[AttributeUsage(AttributeTargets.Field)]
public sealed class FixedAddressValueTypeAttribute : Attribute;

[AttributeUsage(AttributeTargets.Struct)]
public sealed class InlineArrayAttribute(int length) : Attribute
{
    public int Length => length;
}

[AttributeUsage(AttributeTargets.All, Inherited = true)]
public sealed class CompilerGeneratedAttribute : Attribute;

// csc: ref structs and `required` members, so that older compilers reject them.
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
{
    public string FeatureName => featureName;

    public bool IsOptional { get; init; }
}

// csc: `init` accessors.
public static class IsExternalInit;

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class CompilationRelaxationsAttribute(int relaxations) : Attribute
{
    public int CompilationRelaxations => relaxations;
}

[AttributeUsage(AttributeTargets.Assembly)]
public sealed class RuntimeCompatibilityAttribute : Attribute
{
    public bool WrapNonExceptionThrows { get; set; }
}

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class InternalsVisibleToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName => assemblyName;
}

// csc: the nullability of a signature, and the default for the members of a type.
public sealed class NullableAttribute : Attribute
{
    public readonly byte[] NullableFlags;

    public NullableAttribute(byte value) => NullableFlags = null!;

    public NullableAttribute(byte[] value) => NullableFlags = value;
}

public sealed class NullableContextAttribute(byte value) : Attribute
{
    public readonly byte Flag = value;
}

[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CallerArgumentExpressionAttribute(string parameterName) : Attribute
{
    public string ParameterName => parameterName;
}

// csc: extension methods, and the classes that hold them.
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ExtensionAttribute : Attribute;

// csc: the names of the elements of a tuple.
public sealed class TupleElementNamesAttribute(string?[] transformNames) : Attribute
{
    public string?[] TransformNames => transformNames;
}

// ilc replaces the bodies; those that call themselves never run as written.
public static unsafe class Unsafe
{
    [Intrinsic]
    public static int SizeOf<T>() => sizeof(T);

    [Intrinsic]
    public static void* AsPointer<T>(ref readonly T value) => AsPointer(in value);

    [Intrinsic]
    public static ref T AsRef<T>(void* source) => ref AsRef<T>(source);

    [Intrinsic]
    public static ref T AsRef<T>(scoped ref readonly T source) => ref AsRef(in source);

    [Intrinsic]
    public static ref TTo As<TFrom, TTo>(ref TFrom source) => ref As<TFrom, TTo>(ref source);

    [Intrinsic]
    public static ref T Add<T>(ref T source, int elementOffset) => ref Add(ref source, elementOffset);

    [Intrinsic]
    public static ref T Add<T>(ref T source, nint elementOffset) => ref Add(ref source, elementOffset);

    [Intrinsic]
    public static ref T Add<T>(ref T source, nuint elementOffset) => ref Add(ref source, elementOffset);

    [Intrinsic]
    public static ref T NullRef<T>() => ref AsRef<T>(null);

    [Intrinsic]
    public static TTo BitCast<TFrom, TTo>(TFrom source) => BitCast<TFrom, TTo>(source);

    [Intrinsic]
    public static T ReadUnaligned<T>(void* source) => ReadUnaligned<T>(source);

    [Intrinsic]
    public static void WriteUnaligned<T>(void* destination, T value) => WriteUnaligned(destination, value);

    [Intrinsic]
    public static void SkipInit<T>(out T value) => SkipInit(out value);

    [Intrinsic]
    public static void InitBlock(void* startAddress, byte value, uint byteCount) =>
        InitBlock(startAddress, value, byteCount);

    [Intrinsic]
    public static void InitBlockUnaligned(void* startAddress, byte value, uint byteCount) =>
        InitBlockUnaligned(startAddress, value, byteCount);

    [Intrinsic]
    public static void CopyBlock(void* destination, void* source, uint byteCount) =>
        CopyBlock(destination, source, byteCount);

    [Intrinsic]
    public static void CopyBlockUnaligned(void* destination, void* source, uint byteCount) =>
        CopyBlockUnaligned(destination, source, byteCount);
}
