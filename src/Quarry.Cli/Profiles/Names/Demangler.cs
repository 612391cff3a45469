using System;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Quarry.Cli.Profiles.Names;

/// <summary>Turns the names of C++ and Rust functions into readable ones.</summary>
internal static unsafe partial class Demangler
{
    private static readonly delegate* unmanaged<byte*, byte*, nuint*, int*, byte*> s_demangle = Load();

    /// <summary>Gets the readable name; the given one if it is not mangled, or cannot be read.</summary>
    internal static string Demangle(string name)
    {
        // The linker appends versions, and the compiler marks the parts and copies of a function: to the
        // reader they are one.
        string bare = Suffix().Replace(name, "");
        return bare.StartsWith("_R", StringComparison.Ordinal) ? RustDemangler.Demangle(bare) ?? bare
            : bare.StartsWith("_Z", StringComparison.Ordinal) && Cpp(bare) is { } text ? OldRust(text)
            : bare;
    }

    private static string? Cpp(string name)
    {
        if (s_demangle == null)
        {
            return null;
        }

        nint copy = Marshal.StringToCoTaskMemUTF8(name);
        int status;
        byte* result = s_demangle((byte*)copy, null, null, &status);
        Marshal.FreeCoTaskMem(copy);
        string? text = status == 0 ? Marshal.PtrToStringUTF8((nint)result) : null;
        NativeMemory.Free(result);
        return text;
    }

    /// <summary>
    /// Before its own scheme, Rust used that of C++, with a hash as the last part and escapes for what C++
    /// does not allow in names.
    /// </summary>
    private static string OldRust(string name)
    {
        Match hash = RustHash().Match(name);
        if (!hash.Success)
        {
            return name;
        }

        string text = name[..hash.Index].Replace("..", "::", StringComparison.Ordinal);
        text = RustEscape().Replace(text, match => match.Groups[1].Value switch
        {
            "SP" => "@",
            "BP" => "*",
            "RF" => "&",
            "LT" => "<",
            "GT" => ">",
            "LP" => "(",
            "RP" => ")",
            "C" => ",",
            ['u', .. string code] => char.ConvertFromUtf32(Convert.ToInt32(code, 16)),
            _ => match.Value,
        });

        // A part that would begin with an escape begins with an underscore.
        text = text.Replace("::_<", "::<", StringComparison.Ordinal);
        return text.StartsWith("_<", StringComparison.Ordinal) ? text[1..] : text;
    }

    /// <summary>
    /// Loads the demangler of the C++ library. The runtime itself needs that library, except where it is
    /// linked statically.
    /// </summary>
    private static delegate* unmanaged<byte*, byte*, nuint*, int*, byte*> Load() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint library) &&
            NativeLibrary.TryGetExport(library, "__cxa_demangle", out nint export)
            ? (delegate* unmanaged<byte*, byte*, nuint*, int*, byte*>)export
            : null;

    [GeneratedRegex(@"(@.*|(\.(cold|part|constprop|isra|lto_priv|llvm|localalias)(\.\d+)*)+)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("::h[0-9a-f]{16}$")]
    private static partial Regex RustHash();

    [GeneratedRegex(@"\$(SP|BP|RF|LT|GT|LP|RP|C|u[0-9a-f]{1,5})\$")]
    private static partial Regex RustEscape();
}
