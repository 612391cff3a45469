using System;
using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Quarry.ImageLayout;

/// <summary>Determines the sizes of field types on 64-bit platforms.</summary>
/// <remarks>
/// The results are functions, because the size of a nested type may be undefined or not yet known: a struct
/// may contain a pointer to itself, and <c>void*</c> has a size although <c>void</c> has none.
/// </remarks>
internal sealed class FieldSizes(Func<TypeDefinitionHandle, TypeSize> sizeOfStruct)
    : ISignatureTypeProvider<Func<TypeSize>, object?>
{
    public Func<TypeSize> GetPrimitiveType(PrimitiveTypeCode typeCode) => () => typeCode switch
    {
        PrimitiveTypeCode.Boolean or PrimitiveTypeCode.SByte or PrimitiveTypeCode.Byte => new(1, 1),
        PrimitiveTypeCode.Char or PrimitiveTypeCode.Int16 or PrimitiveTypeCode.UInt16 => new(2, 2),
        PrimitiveTypeCode.Int32 or PrimitiveTypeCode.UInt32 or PrimitiveTypeCode.Single => new(4, 4),
        PrimitiveTypeCode.Int64 or PrimitiveTypeCode.UInt64 or PrimitiveTypeCode.Double => new(8, 8),
        PrimitiveTypeCode.IntPtr or PrimitiveTypeCode.UIntPtr => TypeSize.Pointer,
        _ => throw new NotSupportedException($"fields of type {typeCode} are not supported."),
    };

    public Func<TypeSize> GetPointerType(Func<TypeSize> elementType) => () => TypeSize.Pointer;

    public Func<TypeSize> GetFunctionPointerType(MethodSignature<Func<TypeSize>> signature) =>
        () => TypeSize.Pointer;

    public Func<TypeSize> GetTypeFromDefinition(
        MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => () => sizeOfStruct(handle);

    public Func<TypeSize> GetModifiedType(
        Func<TypeSize> modifier, Func<TypeSize> unmodifiedType, bool isRequired) => unmodifiedType;

    public Func<TypeSize> GetTypeFromReference(
        MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Unsupported("fields of types from other assemblies are");

    public Func<TypeSize> GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public Func<TypeSize> GetGenericInstantiation(
        Func<TypeSize> genericType, ImmutableArray<Func<TypeSize>> typeArguments) =>
        Unsupported("fields of generic types are");

    public Func<TypeSize> GetGenericMethodParameter(object? genericContext, int index) =>
        Unsupported("fields of generic types are");

    public Func<TypeSize> GetGenericTypeParameter(object? genericContext, int index) =>
        Unsupported("fields of generic types are");

    public Func<TypeSize> GetArrayType(Func<TypeSize> elementType, ArrayShape shape) =>
        Unsupported("arrays are");

    public Func<TypeSize> GetSZArrayType(Func<TypeSize> elementType) => Unsupported("arrays are");

    public Func<TypeSize> GetByReferenceType(Func<TypeSize> elementType) =>
        Unsupported("references are");

    public Func<TypeSize> GetPinnedType(Func<TypeSize> elementType) =>
        Unsupported("references are");

    private static Func<TypeSize> Unsupported(string what) =>
        () => throw new NotSupportedException($"{what} not supported.");
}
