using System;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Quarry.Cli.Profiles.Names;

/// <summary>The source lines of an assembly, from the portable PDB beside it or inside of it.</summary>
internal sealed class AssemblyLines
{
    private readonly MetadataReaderProvider? _provider;
    private readonly MetadataReader? _reader;

    private AssemblyLines(MetadataReaderProvider? provider)
    {
        // The provider owns the memory of the reader.
        _provider = provider;
        _reader = provider?.GetMetadataReader();
    }

    /// <summary>Reads the lines of an assembly; there are none if it has no PDB that can be read.</summary>
    internal static AssemblyLines Read(string assembly)
    {
        try
        {
            using PEReader image = new(File.OpenRead(assembly));
            _ = image.TryOpenAssociatedPortablePdb(
                assembly, OpenIfThere, out MetadataReaderProvider? provider, out _);
            return new AssemblyLines(provider);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException
            or InvalidOperationException or ArgumentException)
        {
            return new AssemblyLines(null);
        }
    }

    /// <summary>Finds the line of an instruction; null if it is unknown.</summary>
    /// <param name="token">The metadata token of the method.</param>
    /// <param name="instruction">The IL offset.</param>
    internal (string File, int Line)? Find(int token, int instruction)
    {
        if (_provider is null || _reader is null || MetadataTokens.EntityHandle(token) is
            not { Kind: HandleKind.MethodDefinition } handle)
        {
            return null;
        }

        try
        {
            return Find((MethodDefinitionHandle)handle, instruction);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private (string File, int Line)? Find(MethodDefinitionHandle method, int instruction)
    {
        MethodDebugInformation information = _reader!.GetMethodDebugInformation(method);
        SequencePoint? found = null;
        foreach (SequencePoint point in information.GetSequencePoints())
        {
            if (point.Offset > instruction)
            {
                break;
            }

            found = point.IsHidden ? found : point;
        }

        return found is { } line && !line.Document.IsNil
            ? (_reader.GetString(_reader.GetDocument(line.Document).Name), line.StartLine)
            : null;
    }

    private static FileStream? OpenIfThere(string path) => File.Exists(path) ? File.OpenRead(path) : null;
}
