using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Quarry.Tools.Allocators;
using Quarry.Tools.Posix;
using Quarry.Tools.Running;

namespace Quarry.Cli.Jemalloc;

/// <summary>The options in force in a process, and where each was set.</summary>
/// <remarks>
/// The values are those that the process reports. The source is the last one whose text has the option with
/// this value: a value that the process rejected is not in force.
/// </remarks>
internal static class OptionsInForce
{
    private const string Default = "default";
    private const string OwnVariable = "QUARRY_CONF";

    // Everything but the options is left out.
    private const string Letters = "Jmdablxeh";

    private static readonly (string Key, string Source)[] s_sources =
    [
        ("global_var", "variable malloc_conf"), ("symlink", "/etc/malloc.conf"),
        ("env_var", ConfProbe.Variable), ("global_var_2_conf_harder", "variable malloc_conf_2_conf_harder"),
    ];

    // Quarry's own names.
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["decay_ms"] = "dirty_decay_ms",
        ["foreign"] = "abort",
    };

    // Values that are reduced to the largest possible one instead of being rejected.
    private static readonly HashSet<string> s_clipped = ["lg_prof_sample", "prof_bt_max", "tcache_max"];

    /// <summary>Returns the options of a running process.</summary>
    internal static IReadOnlyList<OptionInForce> Of(int id)
    {
        string report = HeapReport.Read(id, Letters);
        string prefix = OwnVariable + "=";
        string own = ProcFile.ReadStrings($"/proc/{id}/environ")
            .Select(entry => System.Text.Encoding.UTF8.GetString(entry))
            .FirstOrDefault(entry => entry.StartsWith(prefix, StringComparison.Ordinal)) ?? prefix;
        return Parse(report, own[prefix.Length..]);
    }

    /// <summary>Returns the options that a program would get in the present environment.</summary>
    /// <remarks>The allocator itself reports what it rejects on standard error.</remarks>
    internal static IReadOnlyList<OptionInForce> OfEnvironment(Allocator allocator)
    {
        ConfProbe.CheckEnvironment(allocator);
        string own = EnvironmentBlock.OfThisProcess().Get(OwnVariable) ?? "";
        return Parse(LoadedLibrary.Report(allocator, Letters), own);
    }

    private static List<OptionInForce> Parse(string report, string own)
    {
        using JsonDocument document = JsonDocument.Parse(report);
        JsonElement options = document.RootElement.GetProperty("jemalloc").GetProperty("opt");
        List<(string Source, (string Key, string Value)[] Pairs)> sources =
        [
            .. s_sources.Where(source => options.TryGetProperty(source.Key, out _)).Select(source =>
                (source.Source, Pairs(options.GetProperty(source.Key).GetString() ?? ""))),
            (OwnVariable, Pairs(own)),
        ];
        return
        [
            .. options.EnumerateObject()
                .Where(option => !s_sources.Any(source => source.Key == option.Name))
                .Select(option => (option.Name, Value: option.Value.ToString()))
                .Select(option => (option.Name, Value: option.Value is "True" or "False"
                    ? option.Value.ToLowerInvariant()
                    : option.Value))
                .Select(option => new OptionInForce(option.Name, option.Value, sources
                    .LastOrDefault(source => source.Pairs.Any(pair => Sets(pair, option.Name, option.Value)))
                    .Source ?? Default)),
        ];
    }

    private static bool Sets((string Key, string Value) pair, string name, string value) =>
        s_names.TryGetValue(pair.Key, out string? other) ? other == name
            : pair.Key == name && (pair.Value == value || s_clipped.Contains(name) ||
                (Number(pair.Value) is { } number && number.ToString(CultureInfo.InvariantCulture) == value));

    private static (string Key, string Value)[] Pairs(string text) =>
    [
        .. text.Split(',').Select(pair => pair.Split(':', 2)).Where(pair => pair.Length == 2)
            .Select(pair => (pair[0], pair[1])),
    ];

    private static long? Number(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(
                text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long hexadecimal)
                ? hexadecimal
                : null
            : long.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite,
                CultureInfo.InvariantCulture, out long number)
                ? number
                : null;
}
