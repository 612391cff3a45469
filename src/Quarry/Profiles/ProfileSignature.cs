using System;

namespace Quarry.Profiles;

/// <summary>Checks the first bytes of a profile.</summary>
internal static class ProfileSignature
{
    private static ReadOnlySpan<byte> Expected => "QPROF\r\n\x1A"u8;

    private static ReadOnlySpan<byte> Letters => Expected[..5];

    internal static void Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Expected))
        {
            return;
        }

        if (bytes.IsEmpty)
        {
            throw new ProfileFormatException("the file is empty");
        }

        if (Expected.StartsWith(bytes))
        {
            throw new ProfileFormatException($"the profile is cut off: it has {bytes.Length} bytes");
        }

        if (bytes.StartsWith(Letters))
        {
            throw new ProfileFormatException(
                "the profile was damaged by a transfer as text; transfer it as binary");
        }

        // The process creates the file, and writes the signature last.
        throw new ProfileFormatException(bytes.ContainsAnyExcept((byte)0)
            ? "the file is not a profile"
            : "the file is not a profile yet; its process has not written the header");
    }
}
