using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests.Interface;

/// <summary>
/// The function tables against a list of the interface. A function in the wrong slot is called with the
/// arguments of another one.
/// </summary>
public sealed class InterfaceTests
{
    private const byte FieldSignature = 0x06, FunctionPointer = 0x1B;

    [Theory]
    [InlineData("IGCHeap", 89)]
    [InlineData("IGCHandleManager", 18)]
    [InlineData("IGCHandleStore", 8)]
    [InlineData("IGCToCLR", 52)]
    [InlineData("IGCToCLREventSink", 18)]
    public void The_function_table_has_the_functions_of_the_interface_in_order(string name, int count)
    {
        (string table, List<Function> expected) = ReadInterface(name);
        Assert.Equal(count, expected.Count);
        List<Function> actual = ReadTable(table);
        Assert.Equal(expected.Select(function => function.Name), actual.Select(function => function.Name));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second));
    }

    private static (string Table, List<Function> Functions) ReadInterface(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Interface/gcinterface.txt");
        string[] lines = File.ReadAllLines(path);
        int start = Array.FindIndex(lines, line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        List<Function> functions = [];
        foreach (string line in lines.Skip(start + 1).TakeWhile(line => line.Length > 0))
        {
            string[] words = line.Split(' ');
            Assert.Equal(functions.Count, int.Parse(words[0], null));
            functions.Add(new Function(words[1], words.Length > 2 ? int.Parse(words[2], null) : null));
        }

        return (lines[start].Split(' ')[1], functions);
    }

    /// <summary>Reads the fields of a struct of the image, before it was compiled to native code.</summary>
    private static List<Function> ReadTable(string name)
    {
        using PEReader file = new(File.OpenRead(Places.HeapAssembly));
        MetadataReader reader = file.GetMetadataReader();
        TypeDefinition table = reader.TypeDefinitions
            .Select(reader.GetTypeDefinition)
            .Single(type => reader.GetString(type.Name) == name);
        return [.. table.GetFields()
            .Select(reader.GetFieldDefinition)
            .Select(field => new Function(reader.GetString(field.Name), CountArguments(reader, field)))];
    }

    // Without the object, which every function of C++ takes first; null for an address without a signature.
    private static int? CountArguments(MetadataReader reader, FieldDefinition field)
    {
        BlobReader signature = reader.GetBlobReader(field.Signature);
        Assert.Equal(FieldSignature, signature.ReadByte());
        if (signature.ReadByte() != FunctionPointer)
        {
            return null;
        }

        _ = signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger() - 1;
    }

    private sealed record Function(string Name, int? Arguments);
}
