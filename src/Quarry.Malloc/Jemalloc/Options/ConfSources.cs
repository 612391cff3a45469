using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Reads jemalloc's options from their sources.</summary>
internal static unsafe class ConfSources
{
    // The longest target of a link, in bytes.
    private const nuint LinkCapacity = 4096;

    private static nuint s_link;

    /// <summary>Applies the options of all sources, in their order.</summary>
    internal static void Apply()
    {
        ReadLink();

        // First, because it also covers the options before it.
        for (ConfSource source = ConfSource.Build; source <= ConfSource.LastVariable; source++)
        {
            ReadConfirmation(CText.Span(TextOf(source)));
        }

        for (ConfSource source = ConfSource.Build; source <= ConfSource.LastVariable; source++)
        {
            ReadOnlySpan<byte> text = CText.Span(TextOf(source));
            if (JemallocOptions.Confirms)
            {
                Announce(source, text);
            }

            if (!Apply(text) && JemallocOptions.AbortOnInvalid)
            {
                JemallocMessage.Write(
                    "Abort (abort_conf:true) on invalid conf value (see above)."u8, default, default, false);
                ProcessAbort.Raise();
            }
        }
    }

    /// <summary>Returns the text of a source; null if it has none.</summary>
    internal static byte* TextOf(ConfSource source) => source switch
    {
        ConfSource.Variable => Text(Variable()),
        ConfSource.Link => (byte*)s_link,
        ConfSource.Environment => ProcessEnvironment.Find("MALLOC_CONF"u8),
        ConfSource.LastVariable => Text(LastVariable()),
        _ => null,
    };

    private static byte* Text(byte** variable) => variable == null ? null : *variable;

    private static void ReadLink()
    {
        byte first;
        if (Os.Linux.ReadLink("/etc/malloc.conf\0"u8, &first, 1) == 0)
        {
            return;
        }

        byte* text = (byte*)Os.Map(LinkCapacity);
        if (text != null)
        {
            _ = Os.Linux.ReadLink("/etc/malloc.conf\0"u8, text, LinkCapacity - 1);
            s_link = (nuint)text;
        }
    }

    private static void ReadConfirmation(ReadOnlySpan<byte> text)
    {
        ConfText pairs = new(text);
        while (pairs.TryTake(reports: false, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (key.SequenceEqual("confirm_conf"u8)
                && JemallocOptions.Flag(value, out bool confirms) == ConfResult.Set)
            {
                JemallocOptions.Confirms = confirms;
            }
        }
    }

    /// <summary>Applies the options of one source; false if an error in it counts for abort_conf.</summary>
    private static bool Apply(ReadOnlySpan<byte> text)
    {
        bool valid = true;
        ConfText pairs = new(text);
        while (pairs.TryTake(reports: true, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (JemallocOptions.Confirms)
            {
                JemallocMessage.Write("-- Set conf value: "u8, key, value, isPair: true);
            }

            ConfResult result = JemallocOptions.Set(key, value);
            if (result != ConfResult.Set)
            {
                JemallocMessage.Write(MessageOf(result), key, value, isPair: true);
                valid &= key.StartsWith("experimental_"u8);
            }
        }

        return valid && !pairs.IsMalformed;
    }

    private static ReadOnlySpan<byte> MessageOf(ConfResult result) => result switch
    {
        ConfResult.Unknown => "Invalid conf pair: "u8,
        ConfResult.OutOfRange => "Out-of-range conf value: "u8,
        _ => "Invalid conf value: "u8,
    };

    private static void Announce(ConfSource source, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> title = source switch
        {
            ConfSource.Build => "malloc_conf #1 (string specified via --with-malloc-conf): \""u8,
            ConfSource.Variable =>
                "malloc_conf #2 (string pointed to by the global variable malloc_conf): \""u8,
            ConfSource.Link => "malloc_conf #3 (\"name\" of the file referenced by the symbolic link named "u8
                + "/etc/malloc.conf): \""u8,
            ConfSource.Environment =>
                "malloc_conf #4 (value of the environment variable MALLOC_CONF): \""u8,
            _ => "malloc_conf #5 (string pointed to by the global variable malloc_conf_2_conf_harder): \""u8,
        };
        JemallocMessage.Write(title, text, "\""u8, isPair: false);
    }

    /// <summary><c>const char *malloc_conf</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_malloc_conf")]
    private static extern byte** Variable();

    /// <summary><c>const char *malloc_conf_2_conf_harder</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_malloc_conf_2_conf_harder")]
    private static extern byte** LastVariable();
}
