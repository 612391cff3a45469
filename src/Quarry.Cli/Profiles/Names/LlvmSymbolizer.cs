using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Quarry.Cli.Profiles.Names;

/// <summary>LLVM's symbolizer: the fastest one, which also knows the newest formats.</summary>
internal sealed class LlvmSymbolizer() : Symbolizer(Program)
{
    internal const string Program = "llvm-symbolizer";

    protected override IEnumerable<string> Arguments(string file) =>
        ["--output-style=JSON", "--no-demangle", "--obj=" + file];

    protected override Dictionary<ulong, SourceFrame[]> Read(
        TextReader output, IReadOnlyList<ulong> addresses)
    {
        // One line for each address, in their order.
        Dictionary<ulong, SourceFrame[]> found = [];
        foreach (ulong address in addresses)
        {
            if (output.ReadLine() is not { } line)
            {
                break;
            }

            if (Parse(line) is { Length: > 0 } frames)
            {
                found[address] = frames;
            }
        }

        _ = output.ReadToEnd();
        return found;
    }

    private static SourceFrame[] Parse(string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("Symbol", out JsonElement symbols)
                ?
                [
                    .. symbols.EnumerateArray().Select(Frame)
                        .Where(f => f.Function.Length + f.File.Length > 0),
                ]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return [];
        }
    }

    private static SourceFrame Frame(JsonElement symbol) => SourceFrame.Of(
        symbol.GetProperty("FunctionName").GetString() ?? "",
        symbol.GetProperty("FileName").GetString() ?? "",
        symbol.GetProperty("Line").GetInt32());
}
