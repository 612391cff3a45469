using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Reads jemalloc's options from their sources.</summary>
internal static unsafe class ConfSources
{
    // The longest target of a link, in bytes, and the longest name of a source.
    private const nuint LinkCapacity = 4096;
    private const int NameCapacity = 96;

    private static nuint s_link;
    private static bool s_linkRead;

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

            AbortUnless(Apply(text));
        }

        AbortUnless(ProfOptions.Complete());
    }

    /// <summary>
    /// Determines whether the text of any source, or of <c>QUARRY_CONF</c>, contains a key.
    /// </summary>
    internal static bool Mention(ReadOnlySpan<byte> key)
    {
        ReadLink();
        bool found = Contains(CText.Span(ProcessEnvironment.Find("QUARRY_CONF"u8)), key);
        for (ConfSource source = ConfSource.Build; source <= ConfSource.LastVariable; source++)
        {
            found |= Contains(CText.Span(TextOf(source)), key);
        }

        return found;
    }

    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        int at = 0;
        while (at < text.Length && !text.Slice(at).StartsWith(key))
        {
            at++;
        }

        return at < text.Length;
    }

    /// <summary>Returns the text of a source; null if it has none.</summary>
    internal static byte* TextOf(ConfSource source) => source switch
    {
        ConfSource.Build => BuildText(),
        ConfSource.Variable => (byte*)ImageNames.ValueOf(PrefixedVariable(), Variable()),
        ConfSource.Link => (byte*)s_link,
        ConfSource.Environment => EnvironmentText(),
        ConfSource.LastVariable => (byte*)ImageNames.ValueOf(PrefixedLastVariable(), LastVariable()),
        _ => null,
    };

    private static byte* BuildText() => *ImageNames.BuiltInConf == 0 ? null : ImageNames.BuiltInConf;

    private static byte* EnvironmentText()
    {
        TextBuffer name = new(stackalloc byte[NameCapacity]);
        AppendVariableName(ref name, ImageNames.Prefix);
        byte* text = ProcessEnvironment.Find(name.Text);
        return text == null && ImageNames.HasPlainNames ? ProcessEnvironment.Find("MALLOC_CONF"u8) : text;
    }

    private static void AbortUnless(bool valid)
    {
        if (!valid && JemallocOptions.AbortOnInvalid)
        {
            JemallocMessage.Write(
                "Abort (abort_conf:true) on invalid conf value (see above)."u8, default, default, false);
            ProcessAbort.Raise();
        }
    }

    private static void ReadLink()
    {
        if (s_linkRead)
        {
            return;
        }

        s_linkRead = true;
        TextBuffer name = new(stackalloc byte[NameCapacity]);
        AppendLinkName(ref name, ImageNames.Prefix);
        name.Append((byte)0);
        if (!TryReadLink(name.Text) && ImageNames.HasPlainNames && ImageNames.Prefix.Length > 0)
        {
            _ = TryReadLink("/etc/malloc.conf\0"u8);
        }
    }

    private static bool TryReadLink(ReadOnlySpan<byte> name)
    {
        byte first;
        byte* text = Os.Linux.ReadLink(name, &first, 1) == 0 ? null : (byte*)Os.Map(LinkCapacity);
        if (text != null)
        {
            _ = Os.Linux.ReadLink(name, text, LinkCapacity - 1);
            s_link = (nuint)text;
        }

        return text != null;
    }

    /// <summary>Appends the name of the environment variable: the prefix, in upper case, comes first.
    /// </summary>
    private static void AppendVariableName(ref TextBuffer text, ReadOnlySpan<byte> prefix)
    {
        for (int at = 0; at < prefix.Length; at++)
        {
            bool lower = prefix[at] is >= (byte)'a' and <= (byte)'z';
            text.Append((byte)(lower ? prefix[at] - 'a' + 'A' : prefix[at]));
        }

        text.Append("MALLOC_CONF"u8);
    }

    private static void AppendLinkName(ref TextBuffer text, ReadOnlySpan<byte> prefix)
    {
        text.Append("/etc/"u8);
        text.Append(prefix);
        text.Append("malloc.conf"u8);
    }

    private static void ReadConfirmation(ReadOnlySpan<byte> text)
    {
        ConfText pairs = new(text);
        while (pairs.TryTake(reports: false, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (key.SequenceEqual("confirm_conf"u8)
                && ConfFlag.Parse(value, out bool confirms) == ConfResult.Set)
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
        ReadOnlySpan<byte> prefix = ImageNames.Prefix;
        TextBuffer title = new(stackalloc byte[2 * NameCapacity]);
        title.Append("malloc_conf #"u8);
        title.Append((nuint)source + 1);
        title.Append(source switch
        {
            ConfSource.Build => " (string specified via --with-malloc-conf"u8,
            ConfSource.Link => " (\"name\" of the file referenced by the symbolic link named "u8,
            ConfSource.Environment => " (value of the environment variable "u8,
            _ => " (string pointed to by the global variable "u8,
        });
        switch (source)
        {
            case ConfSource.Link:
                AppendLinkName(ref title, prefix);
                break;

            case ConfSource.Environment:
                AppendVariableName(ref title, prefix);
                break;

            case ConfSource.Variable or ConfSource.LastVariable:
                title.Append(prefix);
                title.Append(source == ConfSource.Variable ? "malloc_conf"u8 : "malloc_conf_2_conf_harder"u8);
                break;
        }

        title.Append("): \""u8);
        JemallocMessage.Write(title.Text, text, "\""u8, isPair: false);
    }

    /// <summary><c>const char *malloc_conf</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_malloc_conf")]
    private static extern void** Variable();

    /// <summary><c>const char *malloc_conf_2_conf_harder</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_malloc_conf_2_conf_harder")]
    private static extern void** LastVariable();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_prefixed_conf")]
    private static extern void** PrefixedVariable();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_prefixed_last_conf")]
    private static extern void** PrefixedLastVariable();
}
