using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Quarry.ImageLayout;

/// <summary>Reads constants and struct layouts from the metadata of an assembly.</summary>
/// <remarks>The assembly cannot be loaded for reflection, because it contains its own core library.</remarks>
internal sealed class AssemblyLayouts : IDisposable
{
    private const string BackingField = "k__BackingField";

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly FieldSizes _sizes;
    private readonly Dictionary<string, TypeDefinition> _types = [];

    internal AssemblyLayouts(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
        _sizes = new FieldSizes(SizeOf);
        foreach (TypeDefinition type in _metadata.TypeDefinitions.Select(_metadata.GetTypeDefinition))
        {
            _types[NameOf(type)] = type;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Gets the value of an integer constant of a type.</summary>
    internal bool TryGetConstant(string type, string name, out long value)
    {
        value = 0;
        if (!_types.TryGetValue(type, out TypeDefinition definition))
        {
            return false;
        }

        foreach (FieldDefinition field in FieldsOf(definition, FieldAttributes.Literal))
        {
            if (_metadata.StringComparer.Equals(field.Name, name))
            {
                Constant constant = _metadata.GetConstant(field.GetDefaultValue());
                BlobReader blob = _metadata.GetBlobReader(constant.Value);
                value = blob.ReadConstant(constant.TypeCode) switch
                {
                    string or bool or float or double or null => throw new NotSupportedException(
                        $"the constant {name} is not an integer."),
                    ulong large => unchecked((long)large),
                    object number => Convert.ToInt64(number, null),
                };
                return true;
            }
        }

        return false;
    }

    /// <summary>Gets the layout of a struct; null if the assembly has no struct of that name.</summary>
    /// <exception cref="NotSupportedException">The struct has fields of unknown size.</exception>
    internal StructLayout? StructOf(string name) =>
        _types.TryGetValue(name, out TypeDefinition type) ? LayoutOf(type) : null;

    private TypeSize SizeOf(TypeDefinitionHandle handle)
    {
        StructLayout layout = LayoutOf(_metadata.GetTypeDefinition(handle));
        return new TypeSize(layout.Size, layout.Alignment);
    }

    // An explicit layout specifies every offset; a sequential one aligns each field to at most the pack size.
    private StructLayout LayoutOf(TypeDefinition type)
    {
        System.Reflection.Metadata.TypeLayout declared = type.GetLayout();
        int pack = declared.PackingSize == 0 ? int.MaxValue : declared.PackingSize;
        List<FieldLayout> fields = [];
        int end = 0, alignment = 1;
        foreach (FieldDefinition field in FieldsOf(type, 0))
        {
            TypeSize natural = field.DecodeSignature(_sizes, null)();
            TypeSize size = natural with { Alignment = Math.Min(natural.Alignment, pack) };
            int offset = field.GetOffset();
            offset = offset >= 0 ? offset : size.OffsetAfter(end);
            fields.Add(new FieldLayout(MemberName(field), offset, size.Size));
            end = Math.Max(end, offset + size.Size);
            alignment = Math.Max(alignment, size.Alignment);
        }

        // An inline array has a single field, its element, which is repeated.
        end *= InlineArrayLength(type);
        int total = new TypeSize(end, alignment).OffsetAfter(Math.Max(end, 1));
        return new StructLayout(Math.Max(total, declared.Size), alignment, [.. fields]);
    }

    private int InlineArrayLength(TypeDefinition type)
    {
        foreach (CustomAttribute attribute in type.GetCustomAttributes().Select(_metadata.GetCustomAttribute))
        {
            if (ConstructedType(attribute.Constructor) == "InlineArrayAttribute")
            {
                BlobReader value = _metadata.GetBlobReader(attribute.Value);
                _ = value.ReadUInt16();
                return value.ReadInt32();
            }
        }

        return 1;
    }

    // In an image, attribute types are defined in its own assembly; in other assemblies they are references.
    private string ConstructedType(EntityHandle constructor)
    {
        if (constructor.Kind == HandleKind.MethodDefinition)
        {
            MethodDefinition method = _metadata.GetMethodDefinition((MethodDefinitionHandle)constructor);
            return _metadata.GetString(_metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
        }

        EntityHandle parent = _metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent;
        return parent.Kind == HandleKind.TypeReference
            ? _metadata.GetString(_metadata.GetTypeReference((TypeReferenceHandle)parent).Name)
            : "";
    }

    private IEnumerable<FieldDefinition> FieldsOf(TypeDefinition type, FieldAttributes kind) =>
        type.GetFields().Select(_metadata.GetFieldDefinition).Where(field =>
            (field.Attributes & (FieldAttributes.Static | FieldAttributes.Literal))
            == (kind == 0 ? 0 : FieldAttributes.Static | kind));

    private string MemberName(FieldDefinition field)
    {
        string name = _metadata.GetString(field.Name);
        return name.EndsWith(BackingField, StringComparison.Ordinal) ? name[1..name.IndexOf('>')] : name;
    }

    private string NameOf(TypeDefinition type)
    {
        string name = _metadata.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil)
        {
            return NameOf(_metadata.GetTypeDefinition(type.GetDeclaringType())) + "." + name;
        }

        string space = _metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : space + "." + name;
    }
}
