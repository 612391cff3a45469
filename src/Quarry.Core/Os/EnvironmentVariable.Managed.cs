using System;
using System.Text;

namespace Quarry;

/// <content>On .NET: reads the runtime's copy, which includes changes made by the program.</content>
public static partial class EnvironmentVariable
{
    private static bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        string? text = Environment.GetEnvironmentVariable(Encoding.UTF8.GetString(name));
        value = text == null ? default : Encoding.UTF8.GetBytes(text);
        return text != null;
    }
}
